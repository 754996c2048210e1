import Attempts
import Glibc
import Registry
import Supervising
import Synchronization
import Threads

/// Hears of a request to stop, and of the time that is over, while the work itself waits for
/// others.
final class StopListener: Sendable {
    /// What the work looks at.
    private let signal: StopSignal
    private let done: Bell
    private let isLate = Atomic(false)
    private let isAsked = Atomic(false)
    private let thread = Mutex<OwnThread?>(nil)

    /// `requests` is readable when somebody asks.
    init(
        _ signal: StopSignal, _ requests: Int32, _ limit: Int?, _ watch: Watch
    ) throws(Shortage) {
        self.signal = signal
        done = try Bell()
        let started = try OwnThread { [self] in listen(requests, limit, watch) }
        thread.withLock { $0 = started }
    }

    /// Why the work was ended, if it was.
    var end: AttemptReport.End? {
        if isAsked.load(ordering: .acquiring) { return .stopped }
        return isLate.load(ordering: .acquiring) ? .timedOut : nil
    }

    /// The work is over.
    func finish() {
        done.ring()
        thread.withLock { $0.take()?.join() }
    }

    private func listen(_ requests: Int32, _ limit: Int?, _ watch: Watch) {
        while true {
            var waited = [requests, done.descriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            let left = limit.map { max(0, $0 - watch.milliseconds) } ?? -1
            let count = unsafe poll(&waited, 2, Int32(clamping: left))
            if waited[1].revents != 0 { return }
            if waited[0].revents != 0 { return end(because: isAsked) }
            if count == 0, left == 0 || limit.map({ $0 <= watch.milliseconds }) == true {
                return end(because: isLate)
            }
        }
    }

    private func end(because reason: borrowing Atomic<Bool>) {
        reason.store(true, ordering: .releasing)
        signal.stop()
    }
}
