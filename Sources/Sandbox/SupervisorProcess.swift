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

    /// Starts one for a folder with its spec in it. It goes on when we end.
    package static func start(
        _ folder: AttemptFolder, secrets: [HandedSecret], program: String
    ) throws(SandboxError) -> SupervisorProcess {
        var ends: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&ends) == 0 else { throw SandboxError.system("make a pipe") }
        defer { close(ends[1]) }
        var life: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&life) == 0 else {
            close(ends[0])
            throw SandboxError.system("make a pipe")
        }
        let id = unsafe slipway_start_supervisor(program, folder.path, ends[0], life[1])
        let code = errno
        close(ends[0])
        close(life[1])
        guard id > 0 else {
            close(life[0])
            throw SandboxError.system(
                "start '\(program)'", code: code, hint: "it belongs beside the command 'slipway'")
        }
        let handle = slipway_process_descriptor(id)
        let supervisor = SupervisorProcess(id: id, handle: handle, life: life[0])
        // If it has died, its end tells so; what it did not read it cannot use.
        let previous = signal(SIGPIPE, SIG_IGN)
        defer { _ = signal(SIGPIPE, previous) }
        var rest = HandedSecret.fields(of: secrets).bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe write(ends[1], bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        return supervisor
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

    /// Takes note of its end, so that nothing of it remains. It waits until all is taken apart.
    package func reap() {
        guard isOurs else { return }
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
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
