package import Attempts
import Commands
import Doors
import Glibc
import Logs
package import Sandbox
package import Supervising
import Threads

/// One instance of a service, from its sandbox to its end: what it prints goes to its log, whoever
/// comes through its door is led to it, and how it is is told to the house.
package struct ServiceRun: ~Copyable {
    private static let retryInterval = 1_000

    private let spec: AttemptSpec
    private let watch: Watch
    private var sandbox: ClosedSandbox
    private var log: ServiceLog
    private let door: Door?
    private let checker: Checker
    private var state: StateFile
    private var health: Health
    private var reading: ServiceReading
    private var ending = Ending()

    package static func report(
        _ spec: AttemptSpec, _ errand: Errand, _ ready: consuming Readiness, _ watch: Watch,
        _ requests: borrowing StopRequests
    ) throws -> AttemptReport {
        guard let service = spec.service else {
            throw FieldError("this is no instance of a service")
        }
        let most = MostConnections.allow()
        let log = try ServiceLog.create(
            errand.folder, bytes: service.logBytes, secrets: errand.secrets)
        let sandbox = try ClosedSandbox.make(spec, errand, ready)
        let checker: Checker
        let door: Door?
        do {
            checker = try Checker()
            door = try Self.door(of: service, into: sandbox.networkDescriptor, most: most)
            let inside = InsideCheck(
                ask: sandbox.launch.checks, told: sandbox.launch.steps,
                milliseconds: service.health.timeoutMilliseconds)
            try checker.start(
                service.health, port: service.port.map { UInt16($0) },
                network: sandbox.networkDescriptor
            ) { inside.run() }
        } catch {
            // Who only let go of it would let the commands begin.
            sandbox.kill()
            throw error
        }
        let run = ServiceRun(
            spec: spec, service, watch: watch, sandbox: sandbox, log: log, door: door,
            checker: checker, in: errand.folder)
        return run.run(requests)
    }

    private static func door(
        of service: ServiceSpec, into network: Int32?, most: Int
    ) throws -> Door? {
        guard let port = service.port, let network else { return nil }
        return try Door(at: service.addresses, to: UInt16(port), most: most) {
            try OwnNetwork.enter(network)
        }
    }

    private init(
        spec: AttemptSpec, _ service: ServiceSpec, watch: Watch,
        sandbox: consuming ClosedSandbox, log: consuming ServiceLog, door: Door?,
        checker: Checker, in folder: AttemptFolder
    ) {
        self.spec = spec
        self.watch = watch
        self.sandbox = sandbox
        self.log = log
        self.door = door
        self.checker = checker
        state = StateFile(folder.state, ringing: service.bell)
        health = Health(service.health)
        reading = ServiceReading(.starting, door: door?.endpoint)
    }

    private consuming func run(_ requests: borrowing StopRequests) -> AttemptReport {
        if let problem = sandbox.copies {
            log.say("files are copied before it starts: \(problem)", at: watch.milliseconds)
        }
        state.tell(reading)
        if let request = requests.read() { obey(request) }
        sandbox.begin()
        var isPrinting = true
        var hasExited = false
        while isPrinting || !hasExited || !sandbox.tree.isGone {
            let ready = Ready.wait(
                output: isPrinting ? sandbox.launch.output : -1,
                steps: checker.bell.descriptor,
                exit: hasExited ? sandbox.tree.descriptor : sandbox.launch.descriptor,
                requests: requests.descriptor,
                outbound: sandbox.outbound?.descriptor ?? -1, milliseconds: pause)
            if ready.output {
                isPrinting = log.take(from: sandbox.launch.output, at: watch.milliseconds)
            }
            if ready.steps { for finding in checker.findings() { note(finding) } }
            if ready.exit {
                if hasExited { sandbox.tree.isGone = true } else { hasExited = true }
            }
            if ready.requests, let request = requests.read() { obey(request) }
            if ready.outbound { loseNetwork() }
            state.tryAgain()
            keepBounds()
        }
        return ended()
    }

    private var pause: Int {
        let now = watch.milliseconds
        var next = ending.end == nil ? sandbox.bounds.nextLook(after: now) : ending.nextLook
        if state.isBehind { next = min(next ?? .max, now + Self.retryInterval) }
        return max(0, min(next ?? .max, now + Int(Int32.max)) - now)
    }

    private mutating func note(_ finding: Finding) {
        if case .well(let address?) = finding { door?.lead(to: address) }
        guard health.note(finding), reading.condition != .stopping else { return }
        if health.condition == .healthy { door?.open() }
        reading.condition = health.condition
        reading.cause = health.cause
        state.tell(reading)
    }

    private mutating func loseNetwork() {
        let words = sandbox.outbound?.lastWords ?? ""
        log.say(
            "the network is gone, because slirp4netns has ended: \(words)",
            at: watch.milliseconds)
        end(as: .unsuccessful("its network is gone: slirp4netns has ended"), grace: 0)
        sandbox.outbound = nil
    }

    private mutating func obey(_ request: StopRequest) {
        switch request {
        case .gently: end(as: .stopped, grace: spec.limits.graceMilliseconds)
        case .atOnce: end(as: .stopped, grace: 0)
        }
    }

    private mutating func keepBounds() {
        let now = watch.milliseconds
        if ending.isToKill(at: now) { sandbox.kill() }
        guard ending.end == nil, let (end, grace) = sandbox.broken(at: now) else { return }
        self.end(as: end, grace: grace)
    }

    private mutating func end(as end: AttemptReport.End, grace: Int) {
        if ending.begin(end, at: watch.milliseconds, grace: grace) { sandbox.tree.ask() }
        door?.close()
        guard reading.condition != .stopping else { return }
        reading.condition = .stopping
        state.tell(reading)
    }

    private consuming func ended() -> AttemptReport {
        door?.leave()
        checker.stop()
        let remains = sandbox.takeApart()
        let end = ending.end ?? remains.end(complaint: log.complaint)
        let totals = log.close(at: watch.milliseconds)
        return AttemptReport(
            end: end, startedAt: watch.startedAt, milliseconds: watch.milliseconds,
            cpuMilliseconds: remains.cpuMilliseconds, peakMemory: remains.peakMemory,
            logBytes: totals.kept, droppedBytes: totals.dropped)
    }
}
