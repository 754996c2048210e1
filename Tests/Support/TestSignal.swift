import Glibc

/// Lets a test wait until something in another thread has happened.
package final class TestSignal: Sendable {
    private let ends: (read: Int32, write: Int32)

    package init() {
        var ends: [Int32] = [-1, -1]
        _ = unsafe pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    package func ring() {
        var sound: UInt8 = 1
        _ = unsafe write(ends.write, &sound, 1)
    }

    /// Returns when it has been rung since the last time. Bounded, so that a test fails instead of
    /// hanging.
    package func wait() throws {
        var waited = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waited, 1, 20_000) == 1 else { throw Silence() }
        var sounds = [UInt8](repeating: 0, count: 4_096)
        _ = unsafe read(ends.read, &sounds, sounds.count)
    }

    package struct Silence: Error {}
}
