import Glibc

/// Where waiting times come from, so that tests need not wait.
package struct RegistryClock: Sendable {
    /// Milliseconds that never jump.
    let now: @Sendable () -> Int
    /// Lets the time pass in its own way; false where it passes by itself.
    let pass: @Sendable (Int) -> Bool

    package init(
        now: @escaping @Sendable () -> Int, pass: @escaping @Sendable (Int) -> Bool
    ) {
        self.now = now
        self.pass = pass
    }

    package static let real = RegistryClock(
        now: {
            var time = timespec()
            unsafe clock_gettime(CLOCK_BOOTTIME, &time)
            return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
        }, pass: { _ in false })
}
