import CSystem
import Glibc

/// Wakes whoever waits for descriptors, from any thread.
package final class Bell: Sendable {
    /// Readable when it has been rung.
    package let descriptor: Int32

    package init() throws(Shortage) {
        let made = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard made >= 0 else { throw Shortage.file("make an event descriptor") }
        descriptor = made
    }

    deinit { close(descriptor) }

    package func ring() {
        var sound: UInt64 = 1
        _ = unsafe write(descriptor, &sound, MemoryLayout<UInt64>.size)
    }

    /// From now on it has not been rung.
    package func hush() {
        var sounds: UInt64 = 0
        _ = unsafe read(descriptor, &sounds, MemoryLayout<UInt64>.size)
    }

    /// Whether it has been rung since it was hushed.
    package var isRung: Bool { isRung(within: .zero) }

    /// Waits until it is rung, or so long.
    package func wait(_ time: Duration) { _ = isRung(within: time) }

    private func isRung(within time: Duration) -> Bool {
        let (seconds, rest) = time.components
        let milliseconds = seconds * 1_000 + rest / 1_000_000_000_000_000
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, Int32(clamping: milliseconds)) == 1
    }
}
