package import Attempts
import Glibc
import Logs
package import Sandbox
package import Supervising

/// One attempt while its commands run: what they print goes to the log, and what happens, or takes
/// too long, or is too much, becomes its end.
package struct Attempt: ~Copyable {
    private let spec: AttemptSpec
    private let watch: Watch
    private let exports: Exports?
    private var sandbox: ClosedSandbox
    private var log: AttemptLog
    private var steps = StepTeller()
    private var ending = Ending()

    /// The log is in its hands until it has ended.
    package static func prepare(
        _ spec: AttemptSpec, _ errand: Errand, _ ready: consuming Readiness, _ watch: Watch,
        log: consuming AttemptLog
    ) throws -> Attempt {
        let sandbox = try ClosedSandbox.make(spec, errand, ready)
        if let problem = sandbox.copies {
            log.say("files are copied before the first step: \(problem)", at: watch.milliseconds)
        }
        // What is told of an image is not for those to say who are built into it.
        let exports =
            spec.image == nil
            ? Exports(from: sandbox.exports, to: errand.folder.exports, hiding: errand.secrets)
            : nil
        return Attempt(
            spec: spec, watch: watch, sandbox: sandbox, log: log, exports: exports)
    }

    private init(
        spec: AttemptSpec, watch: Watch, sandbox: consuming ClosedSandbox,
        log: consuming AttemptLog, exports: Exports?
    ) {
        self.spec = spec
        self.exports = exports
        self.watch = watch
        self.sandbox = sandbox
        self.log = log
    }

    package consuming func run(_ requests: borrowing StopRequests) -> EndedAttempt {
        if let request = requests.read() { obey(request) }
        sandbox.begin()
        var isPrinting = true
        var hasExited = false
        while isPrinting || !hasExited || !sandbox.tree.isGone {
            let ready = Ready.wait(
                output: isPrinting && !log.isWaiting ? sandbox.launch.output : -1,
                steps: steps.isOpen ? sandbox.launch.steps : -1,
                exit: hasExited ? sandbox.tree.descriptor : sandbox.launch.descriptor,
                requests: requests.descriptor,
                outbound: sandbox.outbound?.descriptor ?? -1, milliseconds: pause)
            if ready.output {
                isPrinting = log.take(from: sandbox.launch.output, at: watch.milliseconds)
            }
            if ready.steps { steps.take(from: sandbox.launch.steps, watch.milliseconds, &log) }
            if ready.exit {
                if hasExited { sandbox.tree.isGone = true } else { hasExited = true }
            }
            if ready.requests, let request = requests.read() { obey(request) }
            log.lookForRoom(at: watch.milliseconds, isWorthWaiting: ending.end == nil)
            if ready.outbound { loseNetwork() }
            keepBounds()
        }
        steps.take(from: sandbox.launch.steps, watch.milliseconds, &log)
        return ended()
    }

    /// Until something has to be looked at though nobody says a word.
    private var pause: Int {
        let now = watch.milliseconds
        let next = ending.end == nil ? sandbox.bounds.nextLook(after: now) : ending.nextLook
        return max(0, min(next ?? now + Int(Int32.max), log.nextLook(after: now)) - now)
    }

    /// Whoever waits for an answer would wait for ever, and nobody would know for what.
    private mutating func loseNetwork() {
        let words = sandbox.outbound?.lastWords ?? ""
        sandbox.outbound = nil
        log.say(
            "the network is gone, because slirp4netns has ended: \(words)",
            at: watch.milliseconds)
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
        guard ending.end == nil else { return }
        if let end = log.broken { return self.end(as: end, grace: 0) }
        if let (end, grace) = sandbox.broken(at: now) { self.end(as: end, grace: grace) }
    }

    private mutating func end(as end: AttemptReport.End, grace: Int) {
        if ending.begin(end, at: watch.milliseconds, grace: grace) { sandbox.tree.ask() }
    }

    private consuming func ended() -> EndedAttempt {
        let remains = sandbox.takeApart()
        exports?.bringHome()
        return EndedAttempt(
            end: ending.end ?? remains.end(complaint: log.complaint),
            cpuMilliseconds: remains.cpuMilliseconds, peakMemory: remains.peakMemory,
            steps: steps.ended, log: log)
    }
}
