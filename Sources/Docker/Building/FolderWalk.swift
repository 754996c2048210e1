import Cryptography
import Glibc
import Tar

/// Looks at a folder's files, by descriptors and one name at a time, so that no link in it leads
/// anywhere else. Links are kept as links.
struct FolderWalk {
    private static let deepest = 128
    private static let piece = 256 << 10

    private let salt: [UInt8]
    private let isWanted: (String) -> Bool
    private(set) var entries: [BuildContext.Entry] = []

    init(salt: [UInt8], isWanted: @escaping (String) -> Bool) {
        self.salt = salt
        self.isWanted = isWanted
    }

    /// Takes the descriptor over.
    mutating func add(_ descriptor: Int32, at path: String, depth: Int) throws {
        guard depth < Self.deepest, let stream = unsafe fdopendir(descriptor) else {
            close(descriptor)
            throw TarProblem("'\(path)' cannot be read or lies too deep", hint: "leave it out")
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
                    unsafe Array(UnsafeBufferPointer(start: bytes, count: 256).prefix { $0 != 0 })
                }
            }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw TarProblem(
                    "a name in '\(path)' is not UTF-8", hint: "rename it, or leave it out")
            }
            if name != ".", name != ".." { names.append(name) }
        }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let path = path.isEmpty ? name : "\(path)/\(name)"
            if isWanted(path) { try add(name, in: descriptor, as: path, depth: depth) }
        }
    }

    private mutating func add(
        _ name: String, in folder: Int32, as path: String, depth: Int
    ) throws {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw TarProblem.system("look at '\(path)'")
        }
        let permissions = status.st_mode & 0o7777
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            let inner = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0 else { throw TarProblem.system("open folder '\(path)'") }
            entries.append(.init(path: path, content: .folder, permissions: permissions))
            try add(inner, at: path, depth: depth + 1)
        case S_IFREG:
            let file = unsafe openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { throw TarProblem.system("open '\(path)'") }
            let opened = try ReadableFile(owning: file, path)
            let content = BuildContext.Content.file(size: opened.size, mark: try mark(of: opened))
            entries.append(.init(path: path, content: content, permissions: permissions))
        case S_IFLNK:
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = unsafe readlinkat(folder, name, &buffer, buffer.count)
            guard count >= 0 else { throw TarProblem.system("read link '\(path)'") }
            let target = buffer[..<count].map { UInt8(bitPattern: $0) }
            let content = BuildContext.Content.link(to: String(decoding: target, as: UTF8.self))
            entries.append(.init(path: path, content: content, permissions: 0o777))
        default:
            throw TarProblem(
                "'\(path)' is neither a file nor a folder nor a link", hint: "leave it out")
        }
    }

    /// What nobody without the salt can have other content come to.
    private func mark(of file: ReadableFile) throws(TarProblem) -> Int {
        var digest = SHA256()
        digest.update(salt)
        var done = 0
        while done < file.size {
            let piece = try file.read(at: done, atMost: Self.piece)
            guard !piece.isEmpty else { break }
            digest.update(piece)
            done += piece.count
        }
        return digest.finish().prefix(8).reduce(0) { ($0 << 8 | Int($1)) % 1_000_000_000 }
    }
}
