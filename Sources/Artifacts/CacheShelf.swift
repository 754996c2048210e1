import Cryptography
import Glibc

/// The caches of one house: a file for each, with the digest of the artifact that it holds.
/// Together they are bounded: what was not used for the longest time is forgotten first.
package struct CacheShelf: Sendable {
    private let path: String
    private let artifacts: ArtifactStore
    /// What all of them may hold together, in bytes.
    private let room: Int

    /// Makes the folder if it is not there.
    package init(
        at path: String, artifacts: ArtifactStore, room: Int
    ) throws(ArtifactError) {
        self.path = path
        self.artifacts = artifacts
        self.room = room
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .system("make '\(path)'")
        }
    }

    /// A folder with what the cache of this name holds; nothing if it is empty. To be asked for is
    /// to be used.
    package func folder(of name: [String]) -> String? {
        let file = file(of: name)
        guard let digest = Self.digest(in: file), let folder = try? artifacts.folder(of: digest)
        else { return nil }
        _ = unsafe utimensat(AT_FDCWD, file, nil, 0)
        return folder
    }

    /// What is forgotten to make room is removed when nobody works with it, by a later sweep.
    package func put(_ digest: String, as name: [String]) throws(ArtifactError) {
        let file = file(of: name)
        let part = "\(file).\(getpid()).part"
        let descriptor = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("write '\(part)'") }
        let count = unsafe write(descriptor, digest, digest.utf8.count)
        close(descriptor)
        guard count == digest.utf8.count, unsafe rename(part, file) == 0 else {
            throw .system("write '\(file)'")
        }
        var left = room
        for (file, digest) in try newestFirst() {
            left -= artifacts.size(of: digest) ?? 0
            if left < 0 { _ = unsafe unlink(file) }
        }
    }

    package func clear() throws(ArtifactError) {
        for (file, _) in try newestFirst() { _ = unsafe unlink(file) }
    }

    /// Artifacts that they hold.
    package func digests() throws(ArtifactError) -> [String] { try newestFirst().map(\.digest) }

    private func newestFirst() throws(ArtifactError) -> [(file: String, digest: String)] {
        var found: [(time: timespec, file: String, digest: String)] = []
        for name in try OpenFolder.at(path).names().map(\.shown) where !name.hasSuffix(".part") {
            let file = "\(path)/\(name)"
            var status = stat()
            guard unsafe stat(file, &status) == 0, let digest = Self.digest(in: file) else {
                continue
            }
            found.append((status.st_mtim, file, digest))
        }
        return found.sorted { one, other in
            (one.time.tv_sec, one.time.tv_nsec) > (other.time.tv_sec, other.time.tv_nsec)
        }.map { ($0.file, $0.digest) }
    }

    private static func digest(in file: String) -> String? {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(descriptor, &buffer, buffer.count)
        // Cut off, as by a power cut, it is no cache any more.
        return count == buffer.count ? String(decoding: buffer, as: UTF8.self) : nil
    }

    private func file(of name: [String]) -> String {
        "\(path)/" + SHA256.hex(of: Array(name.joined(separator: "\0").utf8))
    }
}
