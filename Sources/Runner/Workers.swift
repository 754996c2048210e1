import CLaunch
import Dispatch
import Engine
import Glibc
import Synchronization

/// Work that takes too long for the house's own loop, done beside it.
final class Workers: Sendable {
    /// Readable when something is done.
    let descriptor: Int32
    private let done = Mutex<[(AttemptID, AttemptResult)]>([])

    private let bell: Int32
    private let tidying = DispatchGroup()
    private let isLeaving = Atomic<Bool>(false)

    init() throws(TreeProblem) {
        var ends: [Int32] = [-1, -1]
        guard unsafe slipway_pipe(&ends) == 0 else { throw TreeProblem("cannot make a pipe") }
        descriptor = ends[0]
        bell = ends[1]
    }

    deinit {
        close(descriptor)
        close(bell)
    }

    /// Dispatch bounds how many are done at once by the machine's processors.
    func run(_ attempt: AttemptID, _ work: @escaping @Sendable () -> AttemptResult) {
        DispatchQueue.global().async {
            let result = work()
            self.done.withLock { $0.append((attempt, result)) }
            var ring: UInt8 = 1
            _ = unsafe write(self.bell, &ring, 1)
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
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if unsafe poll(&waited, 1, 0) > 0 {
            var rings = [UInt8](repeating: 0, count: 4_096)
            _ = unsafe read(descriptor, &rings, rings.count)
        }
        return done.withLock { done in
            defer { done = [] }
            return done
        }
    }
}
