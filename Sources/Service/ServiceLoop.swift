package import Assignments
package import Conductor
package import Engine
import Glibc
import Pipelines
package import Premises
package import Runner
package import Store
import Threads

/// Hands that a loop can wait for.
package protocol WaitingHands: Hands {
    /// Readable when something may have changed; to be asked for anew before each wait.
    var descriptors: [Int32] { get }
    /// Takes note of what has changed.
    func look()
    /// Makes ready what the next action will need.
    func prepareAhead()
}

extension ProcessRunner: WaitingHands {}

/// Drives a house for as long as the server lives: decides what is left at the desk, gives the
/// hands their orders, and says how things stand.
package struct ServiceLoop<Worker: WaitingHands>: ~Copyable {
    /// While the disk has no room, it is looked at this often.
    private static var fullPause: Duration { .milliseconds(200) }
    private var house: House<SQLiteStore, Worker>
    private let hands: Worker
    private let desk: FrontDesk
    private let clock: HouseClock
    private let room: @Sendable () -> String?
    /// What something on the record leads to in other pipelines.
    private let follow: @Sendable (Record, EngineState) -> [Message]
    private let roomPause: Duration
    private var roomLooked: Steady?
    private var published = -1
    private var isFull = false
    /// What would be begun now is for the next house.
    private var isLeaving = false

    /// `room` says what is wrong with the room on the disk, for people; nothing if there is enough.
    /// It is asked again after `roomPause`.
    package init(
        _ house: consuming House<SQLiteStore, Worker>, _ hands: Worker, _ desk: FrontDesk,
        _ clock: HouseClock, looksForRoom roomPause: Duration = .seconds(5),
        room: @escaping @Sendable () -> String?,
        follow: @escaping @Sendable (Record, EngineState) -> [Message] = { _, _ in [] }
    ) {
        self.follow = follow
        self.roomPause = roomPause
        self.house = house
        self.hands = hands
        self.desk = desk
        self.clock = clock
        self.room = room
    }

    package var state: EngineState { house.state }

    /// Until one of the descriptors is readable. What runs goes on without us. `lastWords` leaves
    /// at the desk what is still to be recorded.
    package mutating func run(until stops: [Int32], lastWords: () -> Void = {}) throws {
        while true {
            try turn()
            if wait(or: stops) { break }
        }
        isLeaving = true
        house.begins = false
        lastWords()
        try turn()
        desk.close()
    }

    /// One turn: everything that is to be done by now.
    package mutating func turn() throws {
        let now = clock.now
        hands.look()
        lookForRoom(now.steady)
        // While nothing can be written, whoever wants something waits.
        let wishes = isFull ? [] : desk.take()
        var replies: [Reply]?
        var failure: StoreError?
        do throws(StoreError) {
            if isFull { try house.recover() }
            isFull = false
            try house.turn(wishes.flatMap(\.messages), at: now) { replies = $0 }
        } catch {
            isFull = error.kind == .full
            failure = error
        }
        // Shown before it is answered: who has been told of it also sees it.
        publish()
        if let replies {
            Self.answer(wishes, replies)
        } else {
            // What could not be written has not happened: who asked may ask again.
            for wish in wishes { wish.then(failure.map { .failure($0) } ?? .success([])) }
        }
        if let failure, !isFull { throw failure }
    }

    private static func answer(_ wishes: [FrontDesk.Wish], _ replies: [Reply]) {
        var rest = replies[...]
        for wish in wishes {
            wish.then(.success(Array(rest.prefix(wish.messages.count))))
            rest = rest.dropFirst(wish.messages.count)
        }
    }

    private mutating func publish() {
        let news = house.news()
        if !isFull { lead(on: news) }
        guard !isFull, house.state.sequence != published else { return }
        published = house.state.sequence
        desk.publish(house.state)
    }

    /// What follows is a wish like any other. It gets onto the record or is asked for again: the
    /// next house looks at the end of the record first.
    private func lead(on records: [Record]) {
        for record in records {
            let messages = follow(record, house.state)
            if !messages.isEmpty { desk.submit(messages) { _ in } }
        }
    }

    /// With too little room nothing new is begun: what runs needs what is left.
    private mutating func lookForRoom(_ now: Steady) {
        if let roomLooked, now - roomLooked < roomPause { return }
        roomLooked = now
        let problem = room()
        house.begins = problem == nil && !isLeaving
        desk.publish(trouble: isFull ? "the disk is full" : problem)
    }

    /// Waits until there may be something to do; whether it is to stop.
    private func wait(or stops: [Int32]) -> Bool {
        hands.prepareAhead()
        let all = stops + [desk.bell.descriptor] + hands.descriptors
        var waited = all.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = unsafe poll(&waited, nfds_t(waited.count), pause)
        return waited.prefix(stops.count).contains { $0.revents != 0 }
    }

    private var pause: Int32 {
        if isFull { return Int32(clamping: Self.fullPause.milliseconds) }
        let pauses = [house.pause(at: clock.now.steady), house.begins ? nil : roomPause]
        // Rounded up: woken too early it would only have to wait again.
        return pauses.compactMap(\.self).min().map { Int32(clamping: $0.milliseconds) &+ 1 } ?? -1
    }
}
