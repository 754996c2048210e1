import Git
import Glibc

/// Sees to it that nothing is taken away from a mirror while a courier reads there. A lock of the
/// kernel's, on a file beside the mirror: whoever dies lets go of it.
enum MirrorLock {
    /// Beside others who read.
    static func reading<Result>(
        _ mirror: String, _ body: () throws(GitError) -> Result
    ) throws(GitError) -> Result {
        let lock = try open(mirror)
        defer { close(lock) }
        while flock(lock, LOCK_SH) != 0 {
            guard errno == EINTR else { throw GitError.kernel("lock '\(mirror)'") }
        }
        return try body()
    }

    /// Beside nobody; nothing is done, and nobody waited for, where somebody reads.
    static func alone(
        _ mirror: String, _ body: () throws(GitError) -> Void
    ) throws(GitError) -> Bool {
        let lock = try open(mirror)
        defer { close(lock) }
        while flock(lock, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            guard errno == EINTR else { throw GitError.kernel("lock '\(mirror)'") }
        }
        try body()
        return true
    }

    private static func open(_ mirror: String) throws(GitError) -> Int32 {
        let path = "\(mirror).lock"
        let lock = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw GitError.kernel("open '\(path)'") }
        return lock
    }
}
