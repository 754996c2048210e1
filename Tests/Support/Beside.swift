import Glibc
import Synchronization

/// Something that a thread of its own does beside a test, because it waits.
package final class Beside<Result: Sendable>: Sendable {
    private final class Ended: Sendable {
        let result = Mutex<Swift.Result<Result, any Error>?>(nil)
    }

    private let ended = Ended()
    private let thread: pthread_t
    private let isJoined = Atomic(false)

    package init(_ body: @escaping @Sendable () throws -> Result) {
        thread = started { [ended] in
            let result = Swift.Result { try body() }
            ended.result.withLock { $0 = result }
        }
    }

    /// Nobody has waited for it.
    deinit { if !isJoined.load(ordering: .relaxed) { pthread_detach(thread) } }

    /// Waits for its end. To be called once.
    package func result() throws -> Result? {
        isJoined.store(true, ordering: .relaxed)
        pthread_join(thread, nil)
        return try ended.result.withLock { try $0?.get() }
    }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func started(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
    unsafe pthread_create(
        &thread, nil,
        { context in
            guard let context = unsafe context else { return nil }
            unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
            return nil
        }, context)
    return thread
}
