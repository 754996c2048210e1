import CLaunch
import Glibc

/// Wakes a thread that waits, from any other.
final class Interrupt: Sendable {
    /// Readable when it has been rung.
    let descriptor: Int32
    private let rope: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&ends) == 0 else { return nil }
        descriptor = ends[0]
        rope = ends[1]
        // One that has been rung this often and not been heard need not be rung again.
        _ = fcntl(rope, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(descriptor)
        close(rope)
    }

    func ring() {
        var sound: UInt8 = 1
        _ = unsafe write(rope, &sound, 1)
    }

    /// Waits until it is rung, or so long.
    func wait(_ time: Duration) {
        let (seconds, rest) = time.components
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = seconds * 1_000 + rest / 1_000_000_000_000_000
        _ = unsafe poll(&waited, 1, Int32(clamping: milliseconds))
    }

    /// From now on it has not been rung.
    func clear() {
        var sounds = [UInt8](repeating: 0, count: 4_096)
        while unsafe read(descriptor, &sounds, sounds.count) == sounds.count {}
    }

    static func isReadable(_ descriptor: Int32) -> Bool {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, 0) == 1
    }
}
