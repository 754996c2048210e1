import Cryptography
import Glibc
import Tar

/// The files that an image is built of, as they are at one moment. The Engine keeps what it has got
/// of them for the next build, and is sent what it finds to be another by the time of its change:
/// so that time is the same for all, and its part below a second comes of the content.
package final class BuildContext {
    package enum Content: Hashable, Sendable {
        case folder
        /// `mark` is below a second, in nanoseconds.
        case file(size: Int, mark: Int)
        case link(to: String)
    }

    package struct Entry: Hashable, Sendable {
        /// From the root of the context, without a '/' before it.
        package let path: String
        package let content: Content
        let permissions: UInt32
    }

    /// Each folder before what is in it, names in the order of their bytes.
    package let entries: [Entry]
    /// Seconds since 1970.
    let time: Int
    /// What was there before under the same name is compared with it.
    let name: String
    private let root: Int32

    /// `isWanted` is asked with each path; one that is not wanted is left out with all below it.
    /// `salt` is a secret of whoever has it built, so that nobody can make other content look the
    /// same; where it is another, everything is sent.
    package init(
        of path: String, named name: String, time: Int = 0, salt: [UInt8],
        where isWanted: @escaping (String) -> Bool = { _ in true }
    ) throws {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let opened = unsafe open(path, flags)
        guard opened >= 0 else { throw TarProblem.system("open folder '\(path)'") }
        var walk = FolderWalk(salt: salt, isWanted: isWanted)
        try walk.add(opened, at: "", depth: 0)
        entries = walk.entries
        self.time = time
        var digest = SHA256()
        digest.update(salt)
        digest.update(name)
        self.name = digest.hex()
        root = unsafe open(path, flags)
        guard root >= 0 else { throw TarProblem.system("open folder '\(path)'") }
    }

    deinit { close(root) }

    /// Of all files.
    package var size: Int {
        entries.reduce(0) { sum, entry in
            if case .file(let size, _) = entry.content { sum + size } else { sum }
        }
    }

    /// Those that somebody asks for by their paths, with the folders above and all below them; all
    /// there are where a path leads over a link or may stand for several.
    package func entries(at paths: [String]) -> [Entry] {
        guard !paths.isEmpty else { return entries }
        let wanted = paths.map { $0.split(separator: "/").filter { $0 != "." } }
        let isPlain = wanted.allSatisfy { parts in
            !parts.isEmpty && !parts.contains { $0 == ".." || $0.contains { "*?[\\".contains($0) } }
        }
        guard isPlain else { return entries }
        var found: [Entry] = []
        for entry in entries {
            let parts = entry.path.split(separator: "/")
            guard wanted.contains(where: { zip($0, parts).allSatisfy { $0 == $1 } }) else {
                continue
            }
            if case .link = entry.content,
                wanted.contains(where: { $0.count >= parts.count && $0.starts(with: parts) })
            {
                return entries
            }
            found.append(entry)
        }
        return found
    }

    /// One of its files, opened over no link.
    func file(_ path: String) throws(TarProblem) -> ReadableFile {
        var folder = fcntl(root, F_DUPFD_CLOEXEC, 0)
        var names = path.split(separator: "/").map(String.init)
        let last = names.popLast() ?? "."
        for name in names where folder >= 0 {
            let outer = folder
            folder = unsafe openat(outer, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            close(outer)
        }
        guard folder >= 0 else { throw TarProblem.system("open the folder of '\(path)'") }
        defer { close(folder) }
        let file = unsafe openat(folder, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw TarProblem.system("open '\(path)'") }
        return try ReadableFile(owning: file, path)
    }
}
