import Glibc
import SmallFiles

/// The file in which `slipway login` keeps tokens. Only its owner may read it.
package struct ServersFile: Sendable {
    private static let longest = 8 << 20

    private let folder: String
    package let path: String

    /// In the folder for settings: `XDG_CONFIG_HOME`, or `.config` at home.
    package init(settings: String) {
        folder = "\(settings)/slipway"
        path = "\(folder)/servers"
    }

    /// What is known; nothing is, where there is no file.
    package func read() throws(ClientError) -> KnownServers {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return KnownServers() }
            throw failure("cannot be read", .last)
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure("cannot be read", .last) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
            throw ClientError(
                .host, "'\(path)' holds tokens, and others than you may read it",
                hint: "chmod 600 '\(path)'; if others have used this machine, log in anew")
        }
        var bytes: [UInt8] = []
        do throws(FileProblem) {
            try SmallFile.read(descriptor, into: &bytes, limit: Self.longest)
        } catch {
            throw failure("cannot be read", error)
        }
        do throws(ClientError) {
            return try KnownServers(reading: bytes)
        } catch {
            throw ClientError(
                .host, "'\(path)' cannot be used: \(error.problem)", hint: error.hint)
        }
    }

    /// Nobody else changes it meanwhile, and it is never there in part.
    package func change<Result>(
        _ change: (inout KnownServers) throws(ClientError) -> Result
    ) throws(ClientError) -> Result {
        makeFolders()
        let lock = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw failure("cannot be written", .last) }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0, errno == EINTR {}
        var servers = try read()
        let result = try change(&servers)
        let new = "\(path).\(getpid())"
        do throws(FileProblem) {
            _ = unsafe unlink(new)
            try SmallFile.make(new, of: servers.bytes)
            guard unsafe rename(new, path) == 0 else { throw .last }
        } catch {
            _ = unsafe unlink(new)
            throw failure("cannot be written", error)
        }
        return result
    }

    /// Those that are there stay as they are; what cannot be made is told when it is missing.
    private func makeFolders() {
        let parts = folder.split(separator: "/")
        for count in parts.indices {
            let part = parts[...count].joined(separator: "/")
            _ = unsafe mkdir(folder.hasPrefix("/") ? "/\(part)" : part, 0o700)
        }
    }

    private func failure(_ what: String, _ problem: FileProblem) -> ClientError {
        ClientError(
            .host, "'\(path)' \(what): \(problem)", hint: "see that you may read and write it")
    }
}
