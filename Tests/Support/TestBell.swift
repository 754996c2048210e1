import Glibc

/// Rung by one thread, heard by another; each ring is heard once.
package final class TestBell: Sendable {
    private let ends: [Int32]

    package init() throws {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw TestSocket.Failed(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.ends = ends
    }

    deinit { for end in ends { close(end) } }

    package func ring() {
        var byte: UInt8 = 1
        unsafe write(ends[1], &byte, 1)
    }

    /// Whether it was rung before patience ended.
    package func hear(milliseconds: Int32 = 20_000) -> Bool {
        var waited = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waited, 1, milliseconds) == 1 else { return false }
        var byte: UInt8 = 0
        return unsafe read(ends[0], &byte, 1) == 1
    }

    /// Whether it has been rung and not been heard yet.
    package var isRinging: Bool {
        var waited = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, 0) == 1
    }
}
