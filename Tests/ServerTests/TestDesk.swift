import Assignments
import Conductor
import Dispatch
import Engine
import Pipelines
import Store
import Synchronization

/// Hands that do what they are told; a test says how attempts end.
final class TestHands: Hands {
    private(set) var observed: [AttemptID: Observed] = [:]

    func start(_ assignment: Assignment) { observed[assignment.attempt] = .running }
    func refuse(_ attempt: AttemptID, because reason: String) {
        observed[attempt] = .finished(AttemptResult(end: .failed(.couldNotStart, reason)))
    }
    func kill(_ attempt: AttemptID) {
        observed[attempt] = .finished(AttemptResult(end: .stopped))
    }
    func collect(_ attempt: AttemptID) { observed[attempt] = nil }

    func end(_ attempt: AttemptID, _ result: AttemptResult) {
        observed[attempt] = .finished(result)
    }
}

/// A desk with a real house behind it, which works whenever it is asked something.
// All but `shown` is touched on `queue` alone.
final class TestDesk: Desk, @unchecked Sendable {
    private struct Shown: Sendable {
        var state: EngineState
        var now: Moment
        var trouble: String?
        var refuses: StoreError.Kind?
        var wakes: [Int: @Sendable () -> Void] = [:]
        var next = 0
    }

    private let queue = DispatchQueue(label: "test.house")
    private let hands = TestHands()
    private var house: House<SQLiteStore, TestHands>
    private let shown: Mutex<Shown>

    init(home: String) throws {
        let store = try SQLiteStore.open(Home.database(in: home))
        // Its windows are always open, and every freeze lasts for ever.
        let house = House(
            try Conductor.recovering(store), hands: hands,
            hours: { hours, _ in
                HoursView(frozen: hours.freezes.first?.reason, lasts: .seconds(60))
            }, look: { _, _ in WindowView(isOpen: true, lasts: .seconds(60)) })
        let start = Moment(wall: 1_800_000_000_000, steady: Steady(milliseconds: 1_000_000))
        shown = Mutex(Shown(state: house.state, now: start))
        self.house = house
    }

    var view: (state: EngineState, now: Moment) { shown.withLock { ($0.state, $0.now) } }
    var trouble: String? { shown.withLock { $0.trouble } }

    func set(trouble: String?) { shown.withLock { $0.trouble = trouble } }

    /// From now on what is left here is not recorded; the test itself is heard all the same.
    func refuse(_ kind: StoreError.Kind?) { shown.withLock { $0.refuses = kind } }

    func submit(
        _ messages: [Message],
        then: @escaping @Sendable (Result<[Reply], StoreError>) -> Void
    ) {
        queue.async { [self] in
            if let kind = shown.withLock({ $0.refuses }) {
                return then(
                    .failure(StoreError(kind, "record it", problem: "no room", hint: "wait")))
            }
            // As a real desk does it: answered first, and shown a moment later.
            if case .failure(let error) = turn(messages, answer: { then(.success($0)) }) {
                then(.failure(error))
            }
        }
    }

    func listen(_ wake: @escaping @Sendable () -> Void) -> any Sendable {
        let key = shown.withLock { shown in
            shown.next += 1
            shown.wakes[shown.next] = wake
            return shown.next
        }
        return Held { [weak self] in _ = self?.shown.withLock { $0.wakes.removeValue(forKey: key) }
        }
    }

    private final class Held: Sendable {
        private let stop: @Sendable () -> Void
        init(_ stop: @escaping @Sendable () -> Void) { self.stop = stop }
        deinit { stop() }
    }

    private func turn(
        _ messages: [Message], answer: ([Reply]) -> Void = { _ in }
    ) -> Result<[Reply], StoreError> {
        do throws(StoreError) {
            var replies: [Reply] = []
            try house.turn(messages, at: view.now) {
                replies = $0
                answer($0)
            }
            // Twice, because what was begun is recorded when it is seen again.
            if messages.isEmpty { try house.turn([], at: view.now) }
            let wakes = shown.withLock { shown in
                shown.state = house.state
                return Array(shown.wakes.values)
            }
            for wake in wakes { wake() }
            return .success(replies)
        } catch {
            return .failure(error)
        }
    }
}

// What tests do to the house.
extension TestDesk {
    @discardableResult
    func tell(_ command: Command, by who: Who = .slipway) throws -> ExecutionID? {
        let replies = try queue.sync { try turn([Message(command, by: who)]).get() }
        switch replies.first {
        case .done(let execution, _): return execution
        case .refused(let refusal): throw refusal
        case nil: return nil
        }
    }

    /// All with one write.
    func tell(_ commands: [Command]) throws {
        let messages = commands.map { Message($0, by: .slipway) }
        _ = try queue.sync { try turn(messages).get() }
    }

    func pass(_ time: Duration) {
        let milliseconds = time.components.seconds * 1_000
        shown.withLock { shown in
            let steady = Steady(milliseconds: shown.now.steady.milliseconds + milliseconds)
            shown.now = Moment(wall: shown.now.wall + milliseconds, steady: steady)
        }
        queue.sync { _ = turn([]) }
    }

    /// Has the runner say that what was given to it runs.
    func begin() { pass(.seconds(1)) }

    /// Ends the attempt at this action that is under way.
    @discardableResult
    func end(
        _ action: String, _ end: AttemptEnd = .succeeded, artifacts: [Artifact] = []
    ) -> AttemptID? {
        let attempt = view.state.runners.underWay.map(\.attempt).first { attempt in
            attempt.job == ActionName(action).map { .action($0) }
        }
        guard let attempt else { return nil }
        queue.sync {
            hands.end(attempt, AttemptResult(end: end, artifacts: artifacts))
            _ = turn([])
        }
        return attempt
    }
}
