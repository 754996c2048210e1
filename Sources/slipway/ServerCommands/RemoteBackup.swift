import Client
import Glibc
import HTTP
import Pipelines
import SmallFiles

/// `slipway backup` of a server's record.
enum RemoteBackup {
    /// The file is there when all of it is, and not before.
    static func make(_ remote: Remote, at path: String) throws(ClientError) -> Int32 {
        let client = remote.client
        let part = "\(path).part"
        let file = unsafe open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(part, .last) }
        var isWhole = false
        defer {
            close(file)
            if !isWhole { _ = unsafe unlink(part) }
        }
        var call = ServerCall(.get, "backup")
        call.accepts = "*/*"
        // The server copies and verifies it before it sends the first byte.
        call.longestSilence = 3_600
        let listening = try client.listen(to: call)
        defer { client.leave(listening) }
        var count = 0
        while let bytes = try client.take(from: listening) {
            do throws(FileProblem) {
                try SmallFile.write(bytes, to: file)
            } catch {
                throw failure(part, error)
            }
            count += bytes.count
            client.wait(milliseconds: 1_000)
        }
        // A link, unlike a new name, takes no other file's place.
        guard fsync(file) == 0, unsafe link(part, path) == 0 else { throw failure(path, .last) }
        _ = unsafe unlink(part)
        isWhole = true
        Output.print("backed up \(count) bytes from \(client.address) to \(Report.visible(path))\n")
        return ExitCode.success
    }

    private static func failure(_ path: String, _ problem: FileProblem) -> ClientError {
        ClientError(
            .host, "'\(Report.visible(path))' cannot be written: \(problem)",
            hint: problem.code == EEXIST
                ? "it is there already; name another, or remove it" : "name a file you can write")
    }
}
