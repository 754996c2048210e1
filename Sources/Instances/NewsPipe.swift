import Glibc

/// A named pipe by which supervisors say that there is something new.
final class NewsPipe: Sendable {
    let descriptor: Int32

    init(at path: String) throws(InstanceProblem) {
        guard unsafe mkfifo(path, 0o600) == 0 || errno == EEXIST else {
            throw InstanceProblem(
                "cannot make the pipe '\(path)': \(unsafe String(cString: strerror(errno)))")
        }
        // Open for both, so that it never looks as if all who write had gone.
        descriptor = unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw InstanceProblem(
                "cannot open the pipe '\(path)': \(unsafe String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func ring() {
        var sound: UInt8 = 1
        _ = unsafe write(descriptor, &sound, 1)
    }

    /// Whether anything was said since that was asked last.
    func hear() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        var isNew = false
        while unsafe read(descriptor, &buffer, buffer.count) > 0 { isNew = true }
        return isNew
    }
}
