import Glibc

/// What has something to say.
package struct Ready {
    package let output: Bool
    package let steps: Bool
    package let exit: Bool
    package let requests: Bool
    package let outbound: Bool

    /// Waits for one of the descriptors, or until the time is over. One that is negative is not
    /// waited for.
    package static func wait(
        output: Int32, steps: Int32, exit: Int32, requests: Int32, outbound: Int32,
        milliseconds: Int
    ) -> Ready {
        var waited = [output, steps, exit, requests, outbound].map { descriptor in
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        }
        let time = Int32(clamping: milliseconds)
        let count = unsafe poll(&waited, nfds_t(waited.count), time == .max ? -1 : time)
        // Interrupted, or nothing: the caller looks at the time and comes again.
        let isReady = waited.map { count > 0 && $0.revents != 0 }
        return Ready(
            output: isReady[0], steps: isReady[1], exit: isReady[2], requests: isReady[3],
            outbound: isReady[4])
    }
}
