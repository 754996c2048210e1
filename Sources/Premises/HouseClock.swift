package import Engine
import Glibc

/// The two clocks of a house. The steady one goes on from where the record ends, and counts what
/// this process lives through, sleep of the machine included.
package struct HouseClock: Sendable {
    private let offset: Int64

    package init(after last: Steady?) {
        offset = (last?.milliseconds ?? 0) - Self.milliseconds(CLOCK_BOOTTIME)
    }

    package var now: Moment {
        Moment(
            wall: Self.milliseconds(CLOCK_REALTIME),
            steady: Steady(milliseconds: Self.milliseconds(CLOCK_BOOTTIME) + offset))
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
