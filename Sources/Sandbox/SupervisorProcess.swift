package import Attempts
import CLaunch
import Glibc

/// A supervisor, as whoever started or found it can watch it.
package final class SupervisorProcess: Sendable {
    package let id: Int32
    /// Readable when it has ended. Of one that we started it is a pipe, which ends before the
    /// kernel has taken the supervisor's mounts apart; nobody has to wait for that.
    package let descriptor: Int32
    private let handle: Int32
    /// Only who started it can and must take note of its end.
    private let isOurs: Bool

    private init(id: Int32, handle: Int32, life: Int32?) {
        self.id = id
        self.handle = handle
        descriptor = life ?? handle
        isOurs = life != nil
    }

    deinit {
        close(handle)
        if descriptor != handle { close(descriptor) }
    }

    /// One that we have started.
    convenience init(id: Int32, life: Int32) {
        self.init(id: id, handle: slipway_process_descriptor(id), life: life)
    }

    /// The one that lives for this folder; nothing if none does.
    package static func find(_ folder: AttemptFolder) -> SupervisorProcess? {
        guard let text = Text.read(folder.lock), let id = Int32(text.trimmed), id > 0 else {
            return nil
        }
        let descriptor = slipway_process_descriptor(id)
        guard descriptor >= 0 else { return nil }
        // As long as the lock is held the number is that of its holder, and was when we opened it.
        guard isLocked(folder.lock) else {
            close(descriptor)
            return nil
        }
        return SupervisorProcess(id: id, handle: descriptor, life: nil)
    }

    /// Asks it to end what it runs. The file comes first and stays, so that it is found by one who
    /// does not listen yet.
    package func ask(_ request: StopRequest, in folder: AttemptFolder) throws(SandboxError) {
        let part = "\(folder.stop).part"
        let file = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SandboxError.system("write '\(part)'") }
        let bytes = Array(request.rawValue.utf8)
        let count = unsafe write(file, bytes, bytes.count)
        close(file)
        guard count == bytes.count, unsafe rename(part, folder.stop) == 0 else {
            throw SandboxError.system("write '\(folder.stop)'")
        }
        _ = slipway_signal(handle, StopRequest.signal)
    }

    package var hasEnded: Bool {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, 0) > 0
    }

    /// Waits for its end.
    package func wait() {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&waited, 1, -1) < 0, errno == EINTR {}
        reap()
    }

    /// Takes note of its end, so that nothing of it remains. It waits until all is taken apart, and
    /// tells the exit code, if it has one that we may know.
    @discardableResult
    package func reap() -> Int32? {
        guard isOurs else { return nil }
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return nil }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// The same if that needs no waiting; false if it has to be tried again.
    package func reapIfDone() -> Bool {
        guard isOurs else { return true }
        var status: Int32 = 0
        return unsafe waitpid(id, &status, WNOHANG) != 0
    }

    private static func isLocked(_ path: String) -> Bool {
        let file = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return flock(file, LOCK_EX | LOCK_NB) != 0
    }
}
