import Glibc

extension SmallFile {
    /// A file somewhere below a folder in which strangers may have written: no link on the way is
    /// followed, and only what is a file and no longer than `limit` is read.
    package static func bytes(
        below folder: String, _ path: String, limit: Int
    ) throws(FileProblem) -> [UInt8] {
        var names = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard let last = names.popLast(), last != "..", !names.contains("..") else {
            throw FileProblem(code: EINVAL)
        }
        let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC
        var place = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { throw .last }
        defer { close(place) }
        for name in names {
            let inner = unsafe openat(place, name, flags | O_DIRECTORY)
            guard inner >= 0 else { throw .last }
            close(place)
            place = inner
        }
        let file = unsafe openat(place, last, flags | O_NONBLOCK)
        guard file >= 0 else { throw .last }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw .last }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileProblem(code: EINVAL) }
        guard Int(status.st_size) <= limit else { throw FileProblem(code: EFBIG) }
        var bytes: [UInt8] = []
        try read(file, into: &bytes, limit: limit)
        return bytes
    }
}
