import Cryptography
import Glibc
package import Images
import SmallFiles

/// Blobs of images that others have made, kept by a house so that they are fetched once. Each lies
/// with the repository that it came from: whoever may read that repository gave it, and no other
/// repository's manifest can name it to have it from here. It can be lost at any time.
package struct BlobShelf {
    private let path: String
    /// What all of them may hold together, in bytes.
    private let room: Int

    package init(at path: String, room: Int) {
        self.path = path
        self.room = room
    }

    /// Puts a link to it there, if it is here and whole. To be asked for is to be used.
    package func lend(_ blob: Descriptor, of repository: Repository, at place: String) -> Bool {
        let file = "\(folder(of: repository))/\(blob.digest.hex)"
        guard unsafe link(file, place) == 0 else { return false }
        // What was written just before the power went may be there and not whole.
        guard (try? Self.digest(of: place)) == blob.digest else {
            for path in [file, place] { _ = unsafe unlink(path) }
            return false
        }
        _ = unsafe utimensat(AT_FDCWD, file, nil, 0)
        return true
    }

    /// Keeps one that lies there. What does not succeed costs time later, and nothing else.
    package func keep(_ blob: Descriptor, of repository: Repository, from place: String) {
        let folder = folder(of: repository)
        for folder in [path, folder] { _ = unsafe mkdir(folder, 0o700) }
        _ = unsafe link(place, "\(folder)/\(blob.digest.hex)")
        makeRoom()
    }

    private func folder(of repository: Repository) -> String {
        "\(path)/\(SHA256.hex(of: Array("\(repository)".utf8)))"
    }

    /// What was not used for the longest time goes first.
    private func makeRoom() {
        var found: [(time: timespec, path: String, size: Int)] = []
        for name in SmallFile.names(in: path) {
            let folder = "\(path)/\(name)"
            for blob in SmallFile.names(in: folder) {
                var status = stat()
                guard unsafe lstat("\(folder)/\(blob)", &status) == 0 else { continue }
                found.append((status.st_mtim, "\(folder)/\(blob)", Int(status.st_size)))
            }
        }
        found.sort { ($0.time.tv_sec, $0.time.tv_nsec) > ($1.time.tv_sec, $1.time.tv_nsec) }
        var left = room
        for blob in found {
            left -= blob.size
            if left < 0 { _ = unsafe unlink(blob.path) }
        }
    }

    private static func digest(of path: String) throws -> Digest {
        let file = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { throw FileProblem.last }
        defer { close(file) }
        var hash = SHA256()
        while true {
            var piece: [UInt8] = []
            try SmallFile.read(file, into: &piece, limit: 1 << 20)
            guard !piece.isEmpty else { return Digest(finishing: hash) }
            hash.update(piece)
        }
    }
}
