import Synchronization
import Threads

/// Something that a thread of its own does beside a test, because it waits.
package final class Beside<Result: Sendable>: Sendable {
    private final class Ended: Sendable {
        let result = Mutex<Swift.Result<Result, any Error>?>(nil)
    }

    private let ended = Ended()
    private let thread: OwnThread

    package init(_ body: @escaping @Sendable () throws -> Result) throws {
        thread = try OwnThread { [ended] in
            let result = Swift.Result { try body() }
            ended.result.withLock { $0 = result }
        }
    }

    /// Waits for its end. To be called once.
    package func result() throws -> Result? {
        thread.join()
        return try ended.result.withLock { try $0?.get() }
    }
}
