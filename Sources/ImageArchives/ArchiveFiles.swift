import Glibc
import Tar

/// The files of an archive by their names in it, wherever they are.
enum ArchiveFiles: Sendable {
    case tar(TarIndex)
    /// An unpacked one.
    case folder(String)

    static func at(_ path: String) throws(TarProblem) -> ArchiveFiles {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw TarProblem(
                "there is no '\(path)'", hint: "name the archive that an earlier action has made")
        }
        if status.st_mode & S_IFMT == S_IFDIR { return .folder(path) }
        return .tar(try TarIndex(of: ReadableFile(path)))
    }

    func has(_ name: String) -> Bool {
        switch self {
        case .tar(let index): index.has(name)
        case .folder: (try? place(name)) != nil
        }
    }

    func place(_ name: String) throws(TarProblem) -> FilePlace {
        switch self {
        case .tar(let index): return try index.place(name)
        case .folder(let path): return FilePlace(wholeOf: try Self.file(name, in: path))
        }
    }

    /// Goes down one name at a time and follows no link, because strangers made the folder.
    private static func file(_ name: String, in path: String) throws(TarProblem) -> ReadableFile {
        var names = name.split(separator: "/").map(String.init)
        let last = names.removeLast()
        var folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for name in names where folder >= 0 {
            let outer = folder
            folder = unsafe openat(outer, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            close(outer)
        }
        let file =
            folder < 0
            ? -1
            : unsafe openat(folder, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        let code = errno
        if folder >= 0 { close(folder) }
        guard file >= 0 else {
            throw TarProblem(
                "cannot open '\(name)' in '\(path)': \(unsafe String(cString: strerror(code)))",
                hint: "make the layout anew; links in it are not followed")
        }
        return try ReadableFile(owning: file, "\(path)/\(name)")
    }
}
