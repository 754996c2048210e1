import CLaunch
import Glibc

/// Tells when a process has ended, whoever has begun it.
final class EndWatch {
    /// Readable when it has ended.
    let descriptor: Int32

    /// Nothing if there is none, or none can be watched.
    init?(_ process: pid_t) {
        descriptor = slipway_process_descriptor(process)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    var hasEnded: Bool {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, 0) == 1
    }
}
