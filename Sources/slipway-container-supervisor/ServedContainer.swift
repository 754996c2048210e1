import Attempts
import Containers
import Docker
import Doors
import Glibc
import Logs
import Serving
import Supervising
import Threads

/// One instance of an image while its container runs: what it prints goes to its log, whoever comes
/// through its door is led to it, and how it is is told to the house.
///
/// Of all that only its output needs the Engine: its network is entered, its first process is
/// watched and asked to end by the kernel's means. So an Engine that is away is not noticed by
/// those who ask the instance something, if the Engine lets it live.
struct ServedContainer: ~Copyable {
    private static let retryInterval = 1_000
    /// So long the Engine is asked how one has ended.
    private static let patience = 10_000
    /// So much later than an end its cause can be told.
    private static let lateWord = 1_000

    private let spec: AttemptSpec
    private let watch: Watch
    private let engine: DockerEngine
    private let begun: Begun
    private let watched: Watched
    private var printed: EngineTransfer
    private var frames = StreamFrames()
    private var listensAgain = 0
    private var log: ServiceLog
    private var state: StateFile
    private var health: Health
    private var reading: ServiceReading
    private var ending = Ending()

    init(
        _ spec: AttemptSpec, _ service: ServiceSpec, watch: Watch, engine: DockerEngine,
        begun: consuming Begun, _ watched: Watched, log: consuming ServiceLog,
        state: consuming StateFile
    ) {
        self.spec = spec
        self.watch = watch
        self.engine = engine
        self.watched = watched
        printed = begun.printed
        self.begun = begun
        self.log = log
        self.state = state
        health = Health(service.health)
        reading = ServiceReading(.starting, door: watched.door?.endpoint)
    }

    consuming func run(_ requests: borrowing StopRequests) -> AttemptReport {
        state.tell(reading)
        if let request = requests.read() { obey(request) }
        engine.run()
        while !watched.hasEnded {
            engine.wait(
                [watched.process, watched.checker.bell.descriptor, requests.descriptor].map {
                    pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
                }, milliseconds: pause)
            listen()
            for finding in watched.checker.findings() { note(finding) }
            if let request = requests.read() { obey(request) }
            state.tryAgain()
            if ending.isToKill(at: watch.milliseconds) { watched.signal(SIGKILL) }
        }
        return ended()
    }

    private var pause: Int {
        let now = watch.milliseconds
        var next = ending.nextLook ?? .max
        if state.isBehind || printed.isDone { next = min(next, now + Self.retryInterval) }
        return max(0, min(next, now + Int(Int32.max)) - now)
    }

    /// Takes what it has printed. An Engine that was started again is listened to anew.
    private mutating func listen() {
        hear()
        guard printed.isDone, watch.milliseconds >= listensAgain, !watched.hasEnded else { return }
        listensAgain = watch.milliseconds + Self.retryInterval
        guard let next = try? engine.attach(to: begun.container.id) else { return }
        engine.abandon(printed)
        printed = next
        frames = StreamFrames()
        engine.run()
    }

    private mutating func hear() {
        let text = frames.text(of: printed.take())
        if !text.isEmpty { log.take(text.span, at: watch.milliseconds) }
    }

    private mutating func note(_ finding: Finding) {
        if case .well(let address?) = finding { watched.door?.lead(to: address) }
        guard health.note(finding), reading.condition != .stopping else { return }
        if health.condition == .healthy { watched.door?.open() }
        reading.condition = health.condition
        reading.cause = health.cause
        state.tell(reading)
    }

    private mutating func obey(_ request: StopRequest) {
        switch request {
        case .gently: end(grace: spec.limits.graceMilliseconds)
        case .atOnce: end(grace: 0)
        }
    }

    private mutating func end(grace: Int) {
        if ending.begin(.stopped, at: watch.milliseconds, grace: grace) {
            watched.signal(begun.stopSignal)
        }
        watched.door?.close()
        guard reading.condition != .stopping else { return }
        reading.condition = .stopping
        state.tell(reading)
    }

    private consuming func ended() -> AttemptReport {
        watched.door?.leave()
        watched.checker.stop()
        let end = outcome()
        engine.abandon(printed)
        let totals = log.close(at: watch.milliseconds)
        return AttemptReport(
            end: end, startedAt: watch.startedAt, milliseconds: watch.milliseconds,
            logBytes: totals.kept, droppedBytes: totals.dropped)
    }

    /// How it has ended, by the Engine's word. The last that it printed is heard before.
    private mutating func outcome() -> AttemptReport.End {
        let since = Watch()
        var problem = "it does not say how"
        while since.milliseconds < Self.patience {
            hear()
            do throws(DockerError) {
                let facts = try engine.facts(of: begun.container.id)
                if !facts.state.isRunning, !isWordDue(facts.state, since.milliseconds) {
                    hearToTheEnd()
                    return ending.end ?? Self.end(facts.state)
                }
            } catch {
                problem = "\(error)"
                if error.isMissing {
                    return ending.end ?? .lost("somebody else has removed its container")
                }
                if let end = ending.end { return end }
            }
            engine.wait([], milliseconds: 20)
        }
        return ending.end ?? .lost("it has ended, and nobody knows how: \(problem)")
    }

    /// One that nobody has asked to end and that was killed: the Engine may hear from the kernel
    /// that it had no memory only after it has heard of its end.
    private func isWordDue(_ state: ContainerFacts.State, _ waited: Int) -> Bool {
        let isKilled = state.code == 128 + Int(SIGKILL) && !state.wasOutOfMemory
        return isKilled && ending.end == nil && waited < Self.lateWord
    }

    private mutating func hearToTheEnd() {
        let since = Watch()
        while !printed.isDone, since.milliseconds < Self.retryInterval {
            hear()
            engine.wait([], milliseconds: Self.retryInterval)
        }
        hear()
    }

    private static func end(_ state: ContainerFacts.State) -> AttemptReport.End {
        if state.wasOutOfMemory { return .outOfMemory }
        return state.code == 0 ? .succeeded : .exited(code: state.code)
    }
}
