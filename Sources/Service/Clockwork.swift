import Dispatch

/// Work that comes round, beside everything else: never twice at once.
final class Clockwork: Sendable {
    // Dispatch sources can be used from any thread; they are only not marked so.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    /// First after `delay`, then every `interval`; a little later is as good.
    init(
        after delay: Duration, every interval: Duration, _ work: @escaping @Sendable () -> Void
    ) {
        let queue = DispatchQueue(label: "slipway.clockwork", qos: .utility)
        let timer = DispatchSource.makeTimerSource(queue: queue)
        unsafe self.timer = timer
        timer.schedule(
            deadline: .now() + Self.time(delay), repeating: Self.time(interval),
            leeway: .seconds(1))
        timer.setEventHandler(handler: work)
        timer.activate()
    }

    deinit { unsafe timer.cancel() }

    private static func time(_ duration: Duration) -> DispatchTimeInterval {
        .seconds(Int(duration.components.seconds))
    }
}
