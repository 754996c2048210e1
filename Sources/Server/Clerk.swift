import Dispatch
import Store
import Synchronization

/// Somebody who reads what has been, one question after the other, with a connection of their own.
/// Whoever answers requests must not wait for a disk, and leaves that to clerks.
final class Clerk: Sendable {
    /// How many questions may wait for one clerk.
    static let mostWaiting = 256

    private let desk: Files
    private let queue: DispatchQueue
    private let waiting = Atomic<Int>(0)

    init(home: String, name: String) {
        desk = Files(home: home)
        queue = DispatchQueue(label: "slipway.\(name)")
    }

    /// False if too many wait already; then nothing will come of it.
    func ask(
        _ work: @escaping @Sendable (borrowing Archive) throws -> Void,
        orElse fail: @escaping @Sendable (any Error) -> Void
    ) -> Bool {
        enqueue { [desk] in
            do { try desk.read(work) } catch { fail(error) }
        }
    }

    /// The same for what needs no record.
    func wait(_ work: @escaping @Sendable () -> Void) -> Bool { enqueue(work) }

    private func enqueue(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.mostWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            return false
        }
        queue.async { [self] in
            work()
            waiting.subtract(1, ordering: .relaxed)
        }
        return true
    }

    /// The record as it lies on a clerk's desk: opened with the first question, and anew after a
    /// failure.
    private final class Files: Sendable {
        private let home: String
        private let archive = Mutex<Archive?>(nil)

        init(home: String) { self.home = home }

        func read(_ work: (borrowing Archive) throws -> Void) throws {
            try archive.withLock { archive in
                var open: Archive
                if let held = archive.take() {
                    open = held
                } else {
                    open = try Archive.open(home)
                }
                do {
                    try work(open)
                    archive = consume open
                } catch let error as StoreError {
                    // Dropped, so that the next question begins with a new connection.
                    throw error
                } catch {
                    archive = consume open
                    throw error
                }
            }
        }
    }
}

/// A few clerks; the one with the next turn is asked.
final class Clerks: Sendable {
    /// Reading is short, and the machine belongs to the builds.
    static let count = 2

    private let clerks: [Clerk]
    private let turn = Atomic<Int>(0)

    init(home: String) {
        clerks = (0..<Self.count).map { Clerk(home: home, name: "clerk-\($0)") }
    }

    var next: Clerk {
        clerks[(turn.add(1, ordering: .relaxed).oldValue & .max) % clerks.count]
    }
}
