import Glibc

enum SteadyClock {
    /// Milliseconds that never jump, sleep of the machine included.
    static var milliseconds: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
