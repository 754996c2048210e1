import Cryptography
import Glibc
import SmallFiles

/// What builds of images have left for the next of their kind: a folder for each kind, which one
/// build at a time takes away to work in and gives back. Whoever built there ruled it and may have
/// put anything into it, so here it is only moved, counted and removed. It can be lost at any time.
package struct BuildShelf: Sendable {
    private static let content = "content"
    private static let mark = "mark"

    private let path: String
    /// What all of them may hold together, in bytes; one of them half of it.
    private let room: Int

    package init(at path: String, room: Int) {
        self.path = path
        self.room = room
    }

    /// One kind's place, which nobody else has until it is let go.
    package struct Loan: ~Copyable {
        fileprivate let folder: String
        fileprivate let mark: String
        private let lock: Int32
        /// Whether there was anything.
        package let isFilled: Bool

        fileprivate init(folder: String, mark: String, lock: Int32, isFilled: Bool) {
            self.folder = folder
            self.mark = mark
            self.lock = lock
            self.isFilled = isFilled
        }

        deinit { close(lock) }
    }

    /// Moves what there is to a path where nothing is yet; nothing if another build has it. `mark`
    /// tells whose files these are: those of other users are of no use, and go.
    package func borrow(
        _ name: [String], of mark: String, to place: String
    ) throws(ArtifactError) -> Loan? {
        let folder = "\(path)/" + SHA256.hex(of: Array(name.joined(separator: "\0").utf8))
        for folder in [path, folder] {
            guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw .system("make '\(folder)'")
            }
        }
        guard let lock = Self.lock(folder) else { return nil }
        let content = "\(folder)/\(Self.content)"
        let known = try? SmallFile.text(of: "\(folder)/\(Self.mark)", limit: 1 << 10)
        if known != mark { try remove(content) }
        let isFilled = unsafe rename(content, place) == 0
        return Loan(folder: folder, mark: mark, lock: lock, isFilled: isFilled)
    }

    /// Takes back what lies at a path and has so many bytes.
    package func giveBack(
        _ loan: consuming Loan, from place: String, bytes: Int
    ) throws(ArtifactError) {
        var status = stat()
        // Who built there could have left a link.
        guard bytes <= room / 2, unsafe lstat(place, &status) == 0,
            status.st_mode & S_IFMT == S_IFDIR
        else { return }
        do throws(FileProblem) {
            try SmallFile.replace("\(loan.folder)/\(Self.mark)", with: Array(loan.mark.utf8))
            let file = "\(loan.folder)/bytes"
            try SmallFile.replace(file, with: Array("\(bytes)".utf8))
            Self.touch(file)
        } catch {
            throw ArtifactError.system("write in '\(loan.folder)'")
        }
        guard unsafe rename(place, "\(loan.folder)/\(Self.content)") == 0 else {
            throw .system("keep '\(place)'")
        }
        try makeRoom()
    }

    /// What was not used for the longest time goes first, but nothing that a build has.
    private func makeRoom() throws(ArtifactError) {
        var found: [(time: timespec, folder: String, bytes: Int)] = []
        for folder in folders {
            var status = stat()
            let file = "\(folder)/bytes"
            guard unsafe lstat(file, &status) == 0,
                let bytes = (try? SmallFile.text(of: file, limit: 100)).flatMap({ Int($0) })
            else { continue }
            found.append((status.st_mtim, folder, bytes))
        }
        found.sort { ($0.time.tv_sec, $0.time.tv_nsec) > ($1.time.tv_sec, $1.time.tv_nsec) }
        var left = room
        for kind in found {
            left -= kind.bytes
            guard left < 0, let lock = Self.lock(kind.folder) else { continue }
            defer { close(lock) }
            _ = unsafe unlink("\(kind.folder)/bytes")
            try remove("\(kind.folder)/\(Self.content)")
        }
    }

    /// A file's own time goes by ticks of the kernel, in which several may be given back.
    private static func touch(_ file: String) {
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        _ = unsafe utimensat(AT_FDCWD, file, [now, now], 0)
    }

    /// All that no build has just now.
    package var contents: [String] {
        folders.map { "\($0)/\(Self.content)" }.filter { (path: String) in
            unsafe access(path, F_OK) == 0
        }
    }

    private var folders: [String] {
        SmallFile.names(in: path).filter { $0.utf8.count == 64 }.map { "\(path)/\($0)" }
    }

    private func remove(_ content: String) throws(ArtifactError) {
        guard unsafe access(content, F_OK) == 0 else { return }
        let trash = "\(path)/trash"
        guard unsafe mkdir(trash, 0o700) == 0 || errno == EEXIST else {
            throw .system("make '\(trash)'")
        }
        try ArtifactStore.remove(content, trash: trash)
    }

    private static func lock(_ folder: String) -> Int32? {
        let file = unsafe open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
        return file
    }
}
