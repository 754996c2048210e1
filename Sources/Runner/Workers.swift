import Dispatch
import Engine
import Synchronization
import Threads

/// Work that takes too long for the house's own loop, done beside it.
final class Workers: Sendable {
    private let done = Mutex<[(AttemptID, AttemptResult)]>([])
    private let bell: Bell
    private let tidying = DispatchGroup()
    private let isLeaving = Atomic<Bool>(false)

    init() throws(Shortage) { bell = try Bell() }

    /// Readable when something is done.
    var descriptor: Int32 { bell.descriptor }

    /// Dispatch bounds how many are done at once by the machine's processors.
    func run(_ attempt: AttemptID, _ work: @escaping @Sendable () -> AttemptResult) {
        DispatchQueue.global().async {
            let result = work()
            self.done.withLock { $0.append((attempt, result)) }
            self.bell.ring()
        }
    }

    /// Work that nobody waits for until the end.
    func later(_ work: @escaping @Sendable () -> Void) {
        DispatchQueue.global(qos: .utility).async(group: tidying, execute: work)
    }

    /// What can wait until the next house is put off from now on.
    var hasNoTime: Bool { isLeaving.load(ordering: .relaxed) }

    func finish() {
        isLeaving.store(true, ordering: .relaxed)
        tidying.wait()
    }

    func finished() -> [(AttemptID, AttemptResult)] {
        bell.hush()
        return done.withLock { done in
            defer { done = [] }
            return done
        }
    }
}
