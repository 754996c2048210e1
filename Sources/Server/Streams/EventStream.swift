import Conductor
import Engine
import HTTP
import Pipelines
import Store
import Synchronization

/// Who may be told what; asked anew now and then, because a token may be revoked meanwhile.
struct Audience: Sendable {
    /// Nothing if they may not listen any more.
    let mayHear: @Sendable () -> (@Sendable (Feed.Line) -> Bool)?
}

/// What happens, told from one place on the record on, without a gap and nothing twice. It holds
/// its place and one page at most, so that a thousand of them cost little.
final class EventStream: ByteStream {
    private struct State {
        var place: Int
        var pending: [UInt8] = Array("retry: 1000\n\n".utf8)
        var isFetching = false
        var hasEnded = false
        var mayHear: (@Sendable (Feed.Line) -> Bool)?
        var asked: Steady
        var sent: Steady
        var wake: (@Sendable () -> Void)?
        var listenings: [Listening] = []
    }

    private let state: Mutex<State>
    private let house: Surroundings
    private let clerks: Clerks
    private let audience: Audience

    init(after place: Int, for audience: Audience, in house: Surroundings, _ clerks: Clerks) {
        let now = house.now
        state = Mutex(
            State(place: place, mayHear: audience.mayHear(), asked: now, sent: now))
        self.house = house
        self.clerks = clerks
        self.audience = audience
    }

    func begin(wake: @escaping @Sendable () -> Void) {
        let listenings = [house.feed.listen(wake), house.pulse.listen(wake)]
        state.withLock { state in
            state.wake = wake
            state.listenings = listenings
        }
        // What came before anybody listened.
        wake()
    }

    func end() {
        let listenings = state.withLock { state in
            state.hasEnded = true
            state.wake = nil
            defer { state.listenings = [] }
            return state.listenings
        }
        _ = listenings
    }

    func next(atMost count: Int) -> StreamPiece {
        let now = house.now
        return state.withLock { state in
            if state.hasEnded { return .end }
            if now - state.asked >= Pulse.interval {
                state.asked = now
                state.mayHear = audience.mayHear()
            }
            guard let mayHear = state.mayHear else { return .end }
            if state.pending.isEmpty { gather(&state, mayHear) }
            if state.pending.isEmpty {
                guard now - state.sent >= Pulse.interval else { return .later }
                state.pending = Array(":\n\n".utf8)
            }
            state.sent = now
            defer { state.pending.removeFirst(min(count, state.pending.count)) }
            return .bytes(Array(state.pending.prefix(count)))
        }
    }

    private func gather(_ state: inout State, _ mayHear: (Feed.Line) -> Bool) {
        while state.pending.isEmpty, !state.isFetching {
            switch house.feed.lines(after: state.place) {
            case .nothingNew: return
            case .lines(let lines, let through):
                state.pending = lines.filter(mayHear).flatMap(\.text)
                state.place = through
            case .onRecord: fetch(&state)
            }
        }
    }

    /// Has the next page read from the record.
    private func fetch(_ state: inout State) {
        state.isFetching = true
        let place = state.place
        let isAsked = clerks.next.ask { [weak self] archive in
            let records = try archive.records(after: place, limit: Feed.pageSize)
            self?.take(records.compactMap(Feed.line), through: records.last?.sequence)
        } orElse: { [weak self] _ in
            // The next pulse tries again.
            self?.state.withLock { $0.isFetching = false }
        }
        // All clerks are busy: the client comes again, and says where it was.
        if !isAsked { state.hasEnded = true }
    }

    private func take(_ lines: [Feed.Line], through last: Int?) {
        let wake = state.withLock { state in
            let mayHear = state.mayHear
            state.pending += lines.filter { mayHear?($0) ?? false }.flatMap(\.text)
            state.place = last ?? state.place
            state.isFetching = false
            return state.wake
        }
        wake?()
    }
}

extension Surroundings {
    /// The time on the clock that does not jump.
    var now: Steady { desk.view.now.steady }
}
