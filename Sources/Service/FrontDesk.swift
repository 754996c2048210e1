package import Conductor
package import Engine
package import Premises
package import Store
import Synchronization
package import Threads

/// Where the house's loop and everybody else meet: wishes are left here, and what came of them and
/// how things stand is taken from here, from any thread.
package final class FrontDesk: Desk {
    /// More than this waits for nobody: whoever comes then is sent away.
    package static let mostWaiting = 10_000

    /// Rung when something has been left.
    package let bell: Bell
    private let clock: HouseClock
    private let inbox = Mutex<[Wish]>([])
    private let standing: Mutex<Standing>
    private let listeners = Mutex<[ObjectIdentifier: Listener]>([:])

    /// Messages that are decided together, and who is to be told of it.
    package struct Wish: Sendable {
        package let messages: [Message]
        package let then: @Sendable (Result<[Reply], StoreError>) -> Void
    }

    private struct Standing {
        var state: EngineState
        var trouble: String?
        var isClosed = false
    }

    package init(_ state: EngineState, _ clock: HouseClock) throws(Shortage) {
        bell = try Bell()
        self.clock = clock
        standing = Mutex(Standing(state: state))
    }

    // MARK: - For whoever wants something

    package var view: (state: EngineState, now: Moment) {
        (standing.withLock { $0.state }, clock.now)
    }

    package var trouble: String? { standing.withLock { $0.trouble } }

    package func submit(
        _ messages: [Message], then: @escaping @Sendable (Result<[Reply], StoreError>) -> Void
    ) {
        let problem: StoreError? = inbox.withLock { inbox in
            if standing.withLock({ $0.isClosed }) { return .closing }
            guard inbox.count < Self.mostWaiting else { return .crowded }
            inbox.append(Wish(messages: messages, then: then))
            return nil
        }
        if let problem { then(.failure(problem)) } else { bell.ring() }
    }

    package func listen(_ wake: @escaping @Sendable () -> Void) -> any Sendable {
        let listener = Listener(wake)
        let key = ObjectIdentifier(listener)
        listeners.withLock { $0[key] = listener }
        return Listening { [weak self] in self?.forget(key) }
    }

    private func forget(_ key: ObjectIdentifier) {
        listeners.withLock { $0[key] = nil }
    }

    // MARK: - For the loop

    /// All that has been left since this was last asked.
    package func take() -> [Wish] {
        bell.hush()
        return inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
    }

    /// How things stand from now on.
    package func publish(_ state: EngineState) {
        standing.withLock { $0.state = state }
        for listener in listeners.withLock({ Array($0.values) }) { listener.wake() }
    }

    package func publish(trouble: String?) { standing.withLock { $0.trouble = trouble } }

    /// Takes nothing any more; what was left and not decided is sent away.
    package func close() {
        let left = inbox.withLock { inbox in
            standing.withLock { $0.isClosed = true }
            defer { inbox = [] }
            return inbox
        }
        for wish in left { wish.then(.failure(.closing)) }
    }
}

private final class Listener: Sendable {
    let wake: @Sendable () -> Void

    init(_ wake: @escaping @Sendable () -> Void) { self.wake = wake }
}

/// Lasts as long as somebody listens.
private final class Listening: Sendable {
    private let stop: @Sendable () -> Void

    init(_ stop: @escaping @Sendable () -> Void) { self.stop = stop }

    deinit { stop() }
}

extension StoreError {
    fileprivate static let closing = StoreError(
        .busy, "take this on", problem: "the server is about to stop",
        hint: "ask again in a moment, when it has started anew")
    fileprivate static let crowded = StoreError(
        .busy, "take this on", problem: "\(FrontDesk.mostWaiting) wishes are waiting already",
        hint: "ask again in a moment")
}
