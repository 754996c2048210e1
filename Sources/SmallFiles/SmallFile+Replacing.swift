package import Glibc

extension SmallFile {
    /// Puts a file in place that is either wholly there or not at all, whatever happens meanwhile:
    /// written beside it, synced, renamed, and the folder synced.
    package static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t = 0o600
    ) throws(FileProblem) {
        let part = "\(path).part"
        // One left by a crash may have another mode.
        try remove(part)
        let descriptor = unsafe open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .last }
        do throws(FileProblem) {
            try write(bytes, to: descriptor)
            guard fsync(descriptor) == 0 else { throw .last }
        } catch {
            close(descriptor)
            throw error
        }
        close(descriptor)
        try rename(part, to: path)
    }

    /// Gives a file another name, for good.
    package static func rename(_ path: String, to other: String) throws(FileProblem) {
        guard unsafe Glibc.rename(path, other) == 0 else { throw .last }
        try sync(folderOf: other)
    }

    /// Takes a file away; it is no mistake if there is none.
    package static func remove(_ path: String) throws(FileProblem) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .last }
    }

    /// What was renamed and removed in the folder of a file is safe then.
    package static func sync(folderOf path: String) throws(FileProblem) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        let descriptor = unsafe open(
            path.contains("/") ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last }
    }
}
