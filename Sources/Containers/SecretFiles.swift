package import Attempts
import Cryptography
import Glibc
import SmallFiles

/// The secrets of an instance as files that its container sees: in memory, in a folder that nobody
/// but we can enter from outside.
package enum SecretFiles {
    private static let memory = "/dev/shm"

    static func areNeeded(for secrets: [HandedSecret]) -> Bool {
        secrets.contains { $0.variable == nil }
    }

    static func place(of folder: AttemptFolder) -> String {
        "\(own)/\(SHA256.hex(of: Array(folder.path.utf8)).prefix(24))"
    }

    private static var own: String { "\(memory)/slipway-\(geteuid())" }

    /// Whatever user the image has can read them.
    package static func make(
        _ secrets: [HandedSecret], for folder: AttemptFolder
    ) throws(ChannelError) {
        guard areNeeded(for: secrets) else { return }
        remove(of: folder)
        let mounts = (try? SmallFile.text(of: "/proc/self/mounts")) ?? ""
        guard mounts.contains(" \(memory) tmpfs ") else {
            throw ChannelError(
                description: "'\(memory)' is not in memory, so there is no place for secrets; "
                    + "mount a tmpfs there")
        }
        try makeOwn()
        let place = place(of: folder)
        guard unsafe mkdir(place, 0o755) == 0, unsafe chmod(place, 0o755) == 0 else {
            throw .system("make '\(place)'")
        }
        for secret in secrets where secret.variable == nil {
            let file = "\(place)/\(secret.name)"
            do throws(FileProblem) {
                try SmallFile.make(file, of: secret.value)
            } catch {
                throw ChannelError(description: "cannot write '\(file)': \(error)")
            }
            guard unsafe chmod(file, 0o444) == 0 else { throw .system("make '\(file)'") }
        }
    }

    package static func remove(of folder: AttemptFolder) {
        let place = place(of: folder)
        for name in SmallFile.names(in: place) { _ = unsafe unlink("\(place)/\(name)") }
        _ = unsafe rmdir(place)
    }

    /// Anybody can make a folder there, so ours is looked at before it is used.
    private static func makeOwn() throws(ChannelError) {
        guard unsafe mkdir(own, 0o700) == 0 || errno == EEXIST else {
            throw .system("make '\(own)'")
        }
        var status = stat()
        guard unsafe lstat(own, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == geteuid(), status.st_mode & 0o077 == 0
        else {
            throw ChannelError(description: "'\(own)' is somebody else's; remove it")
        }
    }
}
