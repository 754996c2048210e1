import Glibc

/// A thread of our own, for work that waits: on a courier, or for something to be heard.
struct OwnThread: Sendable {
    private let thread: pthread_t

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Nothing if the machine has no more threads.
    static func start(_ body: @escaping @Sendable () -> Void) -> OwnThread? {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { payload in
                if let payload = unsafe payload {
                    unsafe Unmanaged<Work>.fromOpaque(payload).takeRetainedValue().body()
                }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            unsafe work.release()
            return nil
        }
        return OwnThread(thread: thread)
    }

    func join() { pthread_join(thread, nil) }
}
