import Glibc
import Synchronization

/// A thread for work that waits. It can be joined; whoever lets go of it leaves it to itself.
package final class OwnThread: Sendable {
    private let thread: pthread_t
    private let isJoined = Atomic(false)

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Begins at once, or not at all.
    package init(_ body: @escaping @Sendable () -> Void) throws(Shortage) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var started = pthread_t()
        let code = unsafe pthread_create(
            &started, nil,
            { payload in
                if let payload = unsafe payload {
                    unsafe Unmanaged<Work>.fromOpaque(payload).takeRetainedValue().body()
                }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            unsafe work.release()
            throw Shortage.thread(code)
        }
        thread = started
    }

    deinit { if !isJoined.load(ordering: .relaxed) { pthread_detach(thread) } }

    /// Returns when its work is done. Once.
    package func join() {
        guard !isJoined.exchange(true, ordering: .relaxed) else { return }
        pthread_join(thread, nil)
    }
}
