import Microhttpd
import Testing

@Suite("A crowd of connections") struct CrowdTests {
    private static func enter(
        _ crowd: inout Crowd, _ address: String = "a", at now: Int = 0
    ) -> (ticket: Crowd.Ticket, leaving: [Crowd.Ticket]) {
        crowd.enter(from: address, isLimited: true, now: now)
    }

    @Test func `when it is full, the longest waiting goes`() {
        var crowd = Crowd(limit: 3, limitOfAddress: 99, patience: 100)
        let tickets = (0..<3).map { Self.enter(&crowd, at: $0).ticket }
        #expect(Self.enter(&crowd, at: 3).leaving == [tickets[0]])
        #expect(Self.enter(&crowd, at: 4).leaving == [tickets[1]])
        #expect(crowd.count == 5)
        crowd.leave(tickets[0])
        crowd.leave(tickets[1])
        #expect(crowd.count == 3)
    }

    @Test func `who is being served does not go`() {
        var crowd = Crowd(limit: 2, limitOfAddress: 99, patience: 100)
        let first = Self.enter(&crowd).ticket
        let second = Self.enter(&crowd).ticket
        crowd.serve(first)
        #expect(Self.enter(&crowd).leaving == [second])
    }

    @Test func `where all are being served, who comes last goes`() {
        var crowd = Crowd(limit: 1, limitOfAddress: 99, patience: 100)
        crowd.serve(Self.enter(&crowd).ticket)
        let (ticket, leaving) = Self.enter(&crowd)
        #expect(leaving == [ticket])
    }

    @Test func `who was served waits at the end of the line again`() {
        var crowd = Crowd(limit: 2, limitOfAddress: 99, patience: 100)
        let first = Self.enter(&crowd, at: 0).ticket
        let second = Self.enter(&crowd, at: 1).ticket
        crowd.serve(first)
        crowd.wait(first, now: 2)
        #expect(Self.enter(&crowd, at: 3).leaving == [second])
    }

    @Test func `an address that has its share makes room among its own`() {
        var crowd = Crowd(limit: 99, limitOfAddress: 2, patience: 100)
        let other = Self.enter(&crowd, "b").ticket
        let first = Self.enter(&crowd, "a").ticket
        _ = Self.enter(&crowd, "a")
        #expect(Self.enter(&crowd, "a").leaving == [first])
        #expect(crowd.enter(from: "a", isLimited: false, now: 0).leaving == [])
        #expect(crowd.dismissAll().first == other)
    }

    @Test func `patience ends for those who have waited longest, and once`() {
        var crowd = Crowd(limit: 99, limitOfAddress: 99, patience: 100)
        let tickets = (0..<4).map { Self.enter(&crowd, at: $0 * 10).ticket }
        crowd.serve(tickets[1])
        #expect(crowd.deadline == 100)
        #expect(crowd.overdue(now: 99) == [])
        #expect(crowd.overdue(now: 120) == [tickets[0], tickets[2]])
        #expect(crowd.overdue(now: 120) == [])
        #expect(crowd.deadline == 130)
        crowd.leave(tickets[3])
        #expect(crowd.isCalm && crowd.deadline == nil)
    }

    @Test func `a place that is another's by now is not touched`() {
        var crowd = Crowd(limit: 99, limitOfAddress: 99, patience: 100)
        let old = Self.enter(&crowd).ticket
        crowd.leave(old)
        let new = Self.enter(&crowd).ticket
        #expect(new.place == old.place && new != old)
        crowd.serve(old)
        crowd.leave(old)
        #expect(crowd.count == 1)
        #expect(crowd.overdue(now: 100) == [new])
    }

    /// Against plain bookkeeping that searches all of it each time.
    @Test func `keeps its lines whatever happens in any order`() {
        struct Plain {
            var ticket: Crowd.Ticket
            var address: String
            var since: Int?
        }
        for seed in 0..<200 as Range<UInt64> {
            var random = Seeded(state: seed)
            var crowd = Crowd(limit: 8, limitOfAddress: 4, patience: 20)
            var plain: [Plain] = []
            for now in 0..<200 {
                let pick = plain.indices.randomElement(using: &random)
                switch (Int.random(in: 0..<5, using: &random), pick) {
                case (0, _), (1, _):
                    let address = ["a", "b", "c"].randomElement(using: &random) ?? "a"
                    let (ticket, leaving) = Self.enter(&crowd, address, at: now)
                    plain.append(Plain(ticket: ticket, address: address, since: now))
                    let own = plain.filter { $0.address == address }
                    let waiting = plain.filter { $0.since != nil }
                    var expected: Crowd.Ticket?
                    if own.count > 4 {
                        expected = own.first { $0.since != nil }?.ticket
                    }
                    if expected == nil, plain.count > 8 { expected = waiting.first?.ticket }
                    #expect(leaving == (expected.map { [$0] } ?? []))
                    for index in plain.indices where leaving.contains(plain[index].ticket) {
                        plain[index].since = nil
                    }
                case (2, let index?):
                    crowd.serve(plain[index].ticket)
                    plain[index].since = nil
                case (3, let index?):
                    crowd.wait(plain[index].ticket, now: now)
                    if plain[index].since == nil {
                        // The line is kept in the order of waiting.
                        var moved = plain.remove(at: index)
                        moved.since = now
                        plain.append(moved)
                    }
                case (4, let index?):
                    crowd.leave(plain[index].ticket)
                    plain.remove(at: index)
                default: break
                }
                #expect(crowd.count == plain.count)
                let overdue = plain.filter { $0.since.map { $0 + 20 <= now } ?? false }
                #expect(crowd.overdue(now: now) == overdue.map(\.ticket))
                for index in plain.indices
                where overdue.contains(where: { $0.ticket == plain[index].ticket }) {
                    plain[index].since = nil
                }
            }
        }
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }
}
