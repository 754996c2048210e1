import Addresses
import Glibc
import Synchronization
import Threads

/// Watches over who is connected, in a thread of its own: sends away who has waited too long or has
/// to give way, and notices who has hung up while a stream rests, which the library does not.
final class Doorkeeper: Sendable {
    private struct Room: ~Copyable {
        var crowd: Crowd
        /// By the place in the crowd.
        var clients: [Client?] = []
        var isClosing = false
        /// The thread has nothing to wait for but a word.
        var isAsleep = false
    }

    private let room: Mutex<Room>
    private let watchlist: Watchlist
    /// Rung when the last request has ended while closing.
    private let calm: Bell
    private let underWay = Atomic(0)
    private let isOver = Atomic(false)
    private let thread = Mutex<OwnThread?>(nil)

    init(limit: Int, limitOfAddress: Int, patience: Int) throws(ServerProblem) {
        do throws(Shortage) {
            watchlist = try Watchlist()
            calm = try Bell()
        } catch { throw ServerProblem(error) }
        room = Mutex(
            Room(
                crowd: Crowd(limit: limit, limitOfAddress: limitOfAddress, patience: patience)))
    }

    /// Begins to watch; to be stopped.
    func start() throws(ServerProblem) {
        do throws(Shortage) {
            let started = try OwnThread { self.work() }
            thread.withLock { $0 = started }
        } catch { throw ServerProblem(error) }
    }

    /// Returns when nothing is watched any more.
    func stop() {
        isOver.store(true, ordering: .releasing)
        watchlist.speak()
        thread.withLock { $0.take() }?.join()
    }

    /// Requests that are being read, answered or sent.
    var requests: Int { underWay.load(ordering: .acquiring) }
    var connections: Int { room.withLock { $0.crowd.count } }
    var isClosing: Bool { room.withLock { $0.isClosing } }
    /// Of every request that is at work.
    var exchanges: [Exchange] { room.withLock { $0.clients }.compactMap { $0?.exchange } }

    func enter(descriptor: Int32, address: IPAddress?) -> Client {
        // A proxy on this machine speaks for many.
        let isLimited = address?.place != .loopback
        let peer = address?.description ?? "unknown"
        return room.withLock { room in
            let (ticket, leaving) = room.crowd.enter(
                from: peer, isLimited: isLimited, now: Steady.now)
            let client = Client(ticket: ticket, descriptor: descriptor, peer: peer)
            let place = Int(ticket.place)
            while room.clients.count <= place { room.clients.append(nil) }
            room.clients[place] = client
            Self.send(leaving, awayFrom: room.clients)
            if room.isClosing { shutdown(descriptor, Int32(SHUT_RDWR)) }
            wakeIfAsleep(&room)
            return client
        }
    }

    /// Its descriptor is about to be closed.
    func leave(_ client: Client) {
        room.withLock { room in
            room.crowd.leave(client.ticket)
            room.clients[Int(client.ticket.place)] = nil
        }
    }

    func begin(_ exchange: Exchange, of client: Client) {
        underWay.add(1, ordering: .acquiringAndReleasing)
        client.exchange = exchange
    }

    /// A request has come to its end, and is not hurried any more. Gives whether it is still to be
    /// answered.
    func serve(_ client: Client) -> Bool {
        room.withLock { room in
            room.crowd.serve(client.ticket)
            return !room.isClosing
        }
    }

    /// It is over, and the next may come.
    func end(_ client: Client) {
        client.exchange = nil
        let isClosing = room.withLock { room in
            room.crowd.wait(client.ticket, now: Steady.now)
            if room.isClosing { shutdown(client.descriptor, Int32(SHUT_RD)) }
            wakeIfAsleep(&room)
            return room.isClosing
        }
        let left = underWay.subtract(1, ordering: .acquiringAndReleasing).newValue
        if left == 0, isClosing { calm.ring() }
    }

    /// Has the client's exchange know when the client hangs up.
    func watch(_ client: Client) { watchlist.add(client.descriptor, as: client.ticket.number) }
    func forget(_ client: Client) { watchlist.remove(client.descriptor) }

    /// From now on nobody is let in, and who waits is sent away.
    func closeDoor() {
        room.withLock { room in
            room.isClosing = true
            Self.send(room.crowd.dismissAll(), awayFrom: room.clients)
        }
    }

    /// Waits until no request is at work any more, or the time is over; after `closeDoor`.
    func waitForCalm(milliseconds: Int) {
        let deadline = Steady.now + milliseconds
        while requests > 0 {
            let left = deadline - Steady.now
            guard left > 0 else { return }
            calm.wait(.milliseconds(left))
            calm.hush()
        }
    }

    private func work() {
        while !isOver.load(ordering: .acquiring) {
            let news = watchlist.wait(milliseconds: tidy())
            for number in news.hungUp { client(number)?.exchange?.hangUp() }
            if news.isSpokenTo { room.withLock { $0.isAsleep = false } }
        }
    }

    /// Sends away who has waited too long. Gives how long nobody else has.
    private func tidy() -> Int32 {
        room.withLock { room in
            let now = Steady.now
            Self.send(room.crowd.overdue(now: now), awayFrom: room.clients)
            guard let deadline = room.crowd.deadline else {
                room.isAsleep = true
                return -1
            }
            return Int32(clamping: max(1, deadline - now))
        }
    }

    private func client(_ number: UInt64) -> Client? {
        let place = Int(truncatingIfNeeded: number & 0xFFFF_FFFF)
        let client = room.withLock { room in
            room.clients.indices.contains(place) ? room.clients[place] : nil
        }
        // An old one's place may be another's by now.
        return client?.ticket.number == number ? client : nil
    }

    private func wakeIfAsleep(_ room: inout Room) {
        guard room.isAsleep, !room.crowd.isCalm else { return }
        room.isAsleep = false
        watchlist.speak()
    }

    /// The library notices, and closes them.
    private static func send(_ leaving: [Crowd.Ticket], awayFrom clients: [Client?]) {
        for ticket in leaving {
            guard let client = clients[Int(ticket.place)] else { continue }
            shutdown(client.descriptor, Int32(SHUT_RDWR))
        }
    }
}
