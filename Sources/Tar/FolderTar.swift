import Glibc

/// Puts a folder into an archive, by descriptors and one name at a time, so that no link in it
/// leads anywhere else. Entries are in the order of their names; links are kept as links.
package struct FolderTar {
    private let writer: TarWriter
    private let isWanted: (String) -> Bool

    /// `isWanted` is asked with each path from the folder; one that is not wanted is left out with
    /// all that is below.
    package init(_ writer: TarWriter, where isWanted: @escaping (String) -> Bool = { _ in true }) {
        self.writer = writer
        self.isWanted = isWanted
    }

    package func add(_ path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TarProblem.system("open folder '\(path)'") }
        try add(descriptor, at: "", depth: 0)
    }

    /// Takes the descriptor over.
    private func add(_ descriptor: Int32, at path: String, depth: Int) throws {
        guard depth < 128, let stream = unsafe fdopendir(descriptor) else {
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

    private func add(_ name: String, in folder: Int32, as path: String, depth: Int) throws {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw TarProblem.system("look at '\(path)'")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            let inner = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0 else { throw TarProblem.system("open folder '\(path)'") }
            do { try writer.addFolder(path, mode: status.st_mode) } catch {
                close(inner)
                throw error
            }
            try add(inner, at: path, depth: depth + 1)
        case S_IFREG:
            let file = unsafe openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { throw TarProblem.system("open '\(path)'") }
            let opened = try ReadableFile(owning: file, path)
            try writer.addFile(path, mode: status.st_mode, FilePlace(wholeOf: opened))
        case S_IFLNK:
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = unsafe readlinkat(folder, name, &buffer, buffer.count)
            guard count >= 0 else { throw TarProblem.system("read link '\(path)'") }
            let target = buffer[..<count].map { UInt8(bitPattern: $0) }
            try writer.addLink(path, to: String(decoding: target, as: UTF8.self))
        default:
            throw TarProblem(
                "'\(path)' is neither a file nor a folder nor a link", hint: "leave it out")
        }
    }
}
