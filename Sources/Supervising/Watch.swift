import Glibc

/// When it began, and how long ago that is on the clock that never jumps.
package struct Watch {
    package let startedAt: Int
    private let start: Int

    package init() {
        startedAt = Self.now(CLOCK_REALTIME)
        start = Self.now(CLOCK_BOOTTIME)
    }

    package var milliseconds: Int { Self.now(CLOCK_BOOTTIME) - start }

    private static func now(_ clock: clockid_t) -> Int {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
