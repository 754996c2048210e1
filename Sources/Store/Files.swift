import Glibc
import SmallFiles

/// Small files, written so that they are either whole or not there.
enum Files {
    /// Nothing if there is no such file.
    static func text(of path: String) throws(StoreError) -> String? {
        do {
            return try SmallFile.text(of: path)
        } catch {
            if error.code == ENOENT { return nil }
            throw failure("read '\(path)'", error)
        }
    }

    /// Writes beside it, syncs, and puts it in place; then syncs the folder, so that the name is
    /// safe.
    static func write(_ path: String, _ text: String, mode: mode_t) throws(StoreError) {
        let part = "\(path).part"
        // One left by a crash may be a file that its own mode keeps us from opening again.
        guard unsafe unlink(part) == 0 || errno == ENOENT else { throw failure("remove '\(part)'") }
        let descriptor = unsafe open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("write '\(part)'") }
        do throws(StoreError) {
            try put(Array(text.utf8), into: descriptor, path)
            guard fsync(descriptor) == 0 else { throw failure("sync '\(part)'") }
        } catch {
            close(descriptor)
            throw error
        }
        close(descriptor)
        guard unsafe rename(part, path) == 0 else { throw failure("rename '\(part)'") }
        try sync(folder: folder(of: path))
    }

    static func append(_ path: String, _ text: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("append to '\(path)'") }
        defer { close(descriptor) }
        try put(Array(text.utf8), into: descriptor, path)
        guard fsync(descriptor) == 0 else { throw failure("sync '\(path)'") }
    }

    static func sync(folder: String) throws(StoreError) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open '\(folder)'") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync '\(folder)'") }
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func put(_ bytes: [UInt8], into descriptor: Int32, _ path: String) throws(StoreError) {
        do {
            try SmallFile.write(bytes, to: descriptor)
        } catch {
            throw failure("write '\(path)'", error)
        }
    }

    static func failure(_ operation: String, _ cause: FileProblem = .last) -> StoreError {
        let problem = cause.description
        switch cause.code {
        case ENOSPC, EDQUOT:
            return StoreError(
                .full, operation, problem: problem, hint: "free some space on the disk")
        case EACCES, EPERM, EROFS:
            return StoreError(
                .readOnly, operation, problem: problem,
                hint: "it has to be writable by the user that runs Slipway")
        case ENOENT, ENOTDIR:
            return StoreError(.notFound, operation, problem: problem, hint: "check the path")
        default:
            return StoreError(
                .other, operation, problem: problem, hint: "look at the machine's disk")
        }
    }
}
