import Cryptography
import Git

/// Adds up what files are, one after the other.
struct SnapshotReader: ~Copyable {
    private static let chunk = 1 << 18
    private var digest = SHA256()
    private(set) var pointers: [RawName] = []

    /// One line for each entry, ended by a NUL, which no path contains.
    mutating func read(
        _ name: RawName, at path: [RawName], in folder: borrowing OpenFolder
    ) throws(GitError) {
        let status = try folder.status(name)
        let full = path.reduce(RawName([])) { $0.appending($1) }
        switch status.kind {
        case .folder: add("folder -", full)
        case .link: add("link \(SHA256.hex(of: try folder.linkTarget(name).bytes))", full)
        case .file: add("file \(try content(of: name, full, status.size, in: folder))", full)
        case .program: add("program \(try content(of: name, full, status.size, in: folder))", full)
        case .special(let what):
            throw FileStatus.Kind.refusal(of: what, at: folder.path.appending(name))
        }
    }

    private mutating func add(_ what: String, _ path: RawName) {
        digest.update(Array("\(what) ".utf8) + path.bytes + [0])
    }

    private mutating func content(
        of name: RawName, _ path: RawName, _ size: Int, in folder: borrowing OpenFolder
    ) throws(GitError) -> String {
        let file = try folder.file(name)
        var content = SHA256()
        let limit = min(max(size, 0) + 1, Self.chunk)
        var length = 0
        while true {
            let bytes = try file.read(upTo: limit)
            if bytes.isEmpty { return content.hex() }
            if length == 0, LargeFilePointer.matches(bytes) { pointers.append(path) }
            length += bytes.count
            content.update(bytes)
        }
    }

    consuming func finished() -> String { digest.hex() }
}
