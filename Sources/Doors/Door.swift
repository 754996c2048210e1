import Glibc
import Synchronization
import Threads

/// A door to somebody who listens in another network: a port of this machine from which every
/// connection is led there. Before it is opened, and after it is closed, connections are refused.
package final class Door: Sendable {
    /// Where it is: `127.70.1.2:41234`.
    package let endpoint: String
    private let listener: Int32
    private let wishes: DoorWishes
    private let thread: OwnThread

    /// Bound to the first of the addresses that can be had, in the network of who calls. `enter`
    /// moves a thread, for good, to where `port` is. Of more than `most` connections the last wait.
    package init(
        at addresses: [String], to port: UInt16, most: Int,
        enter: @escaping @Sendable () throws -> Void
    ) throws {
        let (bound, endpoint) = try DoorSocket.bind(to: addresses)
        self.endpoint = endpoint
        listener = bound
        do {
            let wishes = DoorWishes(bell: try Bell())
            self.wishes = wishes
            let begun = Begun(bell: try Bell())
            thread = try OwnThread {
                do {
                    try enter()
                    let relay = try Relay(from: bound, to: port, most: most, wishes)
                    begun.tell(nil)
                    relay.run()
                } catch { begun.tell("\(error)") }
            }
            if let problem = begun.wait() { throw DoorProblem(problem) }
        } catch {
            Glibc.close(bound)
            throw error
        }
    }

    deinit {
        DoorSocket.refuse(listener)
        wishes.wish(.gone)
        thread.join()
        Glibc.close(listener)
    }

    /// Whoever comes from now on is taken in; false if the kernel does not listen.
    @discardableResult
    package func open() -> Bool {
        guard wishes.current < .leaving, DoorSocket.listen(listener) else { return false }
        wishes.wish(.open)
        return true
    }

    /// Takes nobody new; what is under way goes on.
    package func close() {
        DoorSocket.refuse(listener)
        wishes.wish(.closed)
    }

    /// By which address the one inside is reached: some listen at one version only.
    package func lead(to address: String) { wishes.lead(to: address) }

    /// Returns when what was said inside, by one who has ended, is brought out.
    package func leave() {
        DoorSocket.refuse(listener)
        wishes.wish(.leaving)
        thread.join()
    }
}

/// How the thread of a door has begun.
private final class Begun: Sendable {
    private static let patience = Duration.seconds(60)

    private let bell: Bell
    private let problem = Mutex<String?>("its thread does not begin")

    init(bell: Bell) { self.bell = bell }

    func tell(_ told: String?) {
        problem.withLock { $0 = told }
        bell.ring()
    }

    func wait() -> String? {
        bell.wait(Self.patience)
        return problem.withLock { $0 }
    }
}

/// What is asked of a relay.
final class DoorWishes: Sendable {
    enum Wish: Int, Comparable {
        case closed, open
        /// When what was said is brought out, and at once.
        case leaving, gone

        static func < (left: Wish, right: Wish) -> Bool { left.rawValue < right.rawValue }
    }

    let bell: Bell
    private let wish = Mutex(Wish.closed)
    private let address = Mutex("127.0.0.1")

    init(bell: Bell) { self.bell = bell }

    var current: Wish { wish.withLock { $0 } }
    var inside: String { address.withLock { $0 } }

    func wish(_ next: Wish) {
        wish.withLock { if $0 < .leaving || next > $0 { $0 = next } }
        bell.ring()
    }

    func lead(to next: String) { address.withLock { $0 = next } }
}
