import Glibc

/// Wakes a thread that waits for descriptors.
final class Wakeup: Sendable {
    let descriptor: Int32
    private let bell: Int32

    /// Nothing if no more files can be opened.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        descriptor = ends[0]
        bell = ends[1]
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(descriptor)
        close(bell)
    }

    func ring() {
        var byte: UInt8 = 1
        // A pipe that is full wakes as well.
        _ = unsafe write(bell, &byte, 1)
    }

    func hush() {
        var rings = [UInt8](repeating: 0, count: 256)
        while unsafe read(descriptor, &rings, rings.count) > 0 {}
    }
}

enum SteadyClock {
    /// Milliseconds that never jump, sleep of the machine included.
    static var milliseconds: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
