import Dispatch
import Synchronization

/// Wakes every stream now and then, so that each can say that it lives: proxies cut what is silent,
/// and who has left is found out only by being written to.
package final class Pulse: Sendable {
    package static let interval = Duration.seconds(15)

    private struct Listeners: Sendable {
        var wakes: [Int: @Sendable () -> Void] = [:]
        var next = 0
    }

    private let listeners = Mutex(Listeners())
    // Dispatch sources can be used from any thread; they are only not marked so.
    nonisolated(unsafe) private let timer: (any DispatchSourceTimer)?

    /// Without a clock it beats when it is told to: so a test finds out whether something waits for
    /// the next beat that should not.
    package init(hasClock: Bool = true) {
        guard hasClock else {
            unsafe timer = nil
            return
        }
        let queue = DispatchQueue(label: "slipway.pulse")
        let timer = DispatchSource.makeTimerSource(queue: queue)
        unsafe self.timer = timer
        let seconds = Int(Self.interval.components.seconds)
        timer.schedule(
            deadline: .now() + .seconds(seconds), repeating: .seconds(seconds),
            leeway: .seconds(1))
        timer.setEventHandler { [weak self] in self?.beat() }
        timer.activate()
    }

    deinit { unsafe timer?.cancel() }

    package func beat() {
        for wake in listeners.withLock({ Array($0.wakes.values) }) { wake() }
    }

    /// How many are listening.
    package var count: Int { listeners.withLock { $0.wakes.count } }

    /// Until what it returns is let go of.
    func listen(_ wake: @escaping @Sendable () -> Void) -> Listening {
        let key = listeners.withLock { listeners in
            listeners.next += 1
            listeners.wakes[listeners.next] = wake
            return listeners.next
        }
        return Listening { [weak self] in
            _ = self?.listeners.withLock { $0.wakes.removeValue(forKey: key) }
        }
    }
}

/// Lasts as long as it is held.
final class Listening: Sendable {
    private let stop: @Sendable () -> Void

    init(_ stop: @escaping @Sendable () -> Void) { self.stop = stop }

    deinit { stop() }
}
