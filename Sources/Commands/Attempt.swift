package import Attempts
import Glibc
import Logs
package import Sandbox
package import Supervising

/// One attempt while its commands run: what they print goes to the log, and what happens, or takes
/// too long, or is too much, becomes its end.
package struct Attempt: ~Copyable {
    /// What a fork bomb comes to where nobody has said how many processes there may be: as many,
    /// and no more than this part of what the machine has numbers for.
    private static let standardProcesses = 16_384
    private static let shareOfNumbers = 8
    /// What `/tmp` and `/dev/shm` hold each where nobody has said how much of the disk there is.
    private static let standardTemporary = 1 << 30

    private let spec: AttemptSpec
    private let watch: Watch
    private let exports: Exports?
    private let launch: Launch
    private var outbound: Outbound?
    private let group: ControlGroup
    private var tree: ProcessTree
    private var log: AttemptLog
    private var steps = StepTeller()
    private var bounds: Bounds
    private var ending = Ending()

    /// The log is in its hands until it has ended.
    package static func prepare(
        _ spec: AttemptSpec, _ errand: Errand, _ ready: consuming Readiness, _ watch: Watch,
        log: consuming AttemptLog
    ) throws -> Attempt {
        let (folder, secrets, facts) = (errand.folder, errand.secrets, ready.facts)
        let users = spec.nests ? ready.users(slot: spec.slot) : nil
        guard let bubblewrap = facts.bubblewrap else {
            throw SandboxError(
                "run commands", "bubblewrap is not installed",
                hint: "install it: apt-get install bubblewrap")
        }
        guard !facts.isRoot || spec.slot ?? 0 > 0 else {
            throw SandboxError(
                "run commands as root", "the attempt has no user of its own",
                hint: "this is a mistake of the house; report it")
        }
        let group = try ControlGroup.make(
            ControlGroup.name(of: getpid()),
            in: spec.slot == nil && facts.isRoot ? [] : facts.groups,
            .init(
                memory: spec.limits.memory,
                processes: spec.limits.processes.map { $0 + ownProcesses(spec) },
                cpu: spec.limits.cpu))
        var owners = try ready.owners(slot: spec.slot)
        let stage = try Stage.open(spec, secrets: secrets)
        // Where no group counts what lies there, it must not be more than the memory allowed.
        let temporary = min(
            spec.limits.disk ?? standardTemporary,
            group.holdsMemory ? .max : spec.limits.memory ?? .max)
        // It gets ready while the rest is put together.
        let outbound =
            spec.network == .outbound ? try Outbound.start(spec, facts, group: group) : nil
        let inputProblem = try stage.furnish(
            spec, secrets: secrets, temporary: temporary, owners: &owners, in: folder)
        let problem = try Workspace.mount(spec, in: folder, on: stage, owners: &owners)
        if let problem = problem ?? inputProblem {
            log.say("files are copied before the first step: \(problem)", at: watch.milliseconds)
        }
        try stage.seal()
        let plan = SandboxPlan(
            spec, stage: stage, secrets: secrets, hidden: HostFacts.hidden(),
            hasUsers: users?.isRange == true)
        let launch = try Launch.start(
            spec, plan, bubblewrap: bubblewrap, group: group, outbound: outbound, users: users,
            processes: mostProcesses(spec))
        let bounds = Bounds(
            spec.limits, workspace: folder.workspace, view: "\(stage.root)/workspace",
            isCopy: problem != nil,
            groupHoldsMemory: group.holdsMemory,
            groupHoldsProcesses: group.holdsProcesses)
        return Attempt(
            spec: spec, watch: watch, launch: launch, outbound: outbound, group: group,
            log: log, bounds: bounds,
            // What is told of an image is not for those to say who are built into it.
            exports: spec.image == nil
                ? Exports(from: stage.exports, to: folder.exports, hiding: secrets) : nil)
    }

    private init(
        spec: AttemptSpec, watch: Watch, launch: consuming Launch,
        outbound: consuming Outbound?, group: consuming ControlGroup, log: consuming AttemptLog,
        bounds: Bounds, exports: Exports?
    ) {
        self.spec = spec
        self.exports = exports
        self.watch = watch
        self.bounds = bounds
        tree = ProcessTree(watcher: launch.process, info: launch.info)
        self.launch = launch
        self.outbound = outbound
        self.group = group
        self.log = log
    }

    package consuming func run(_ requests: borrowing StopRequests) -> EndedAttempt {
        if let request = requests.read() { obey(request) }
        // The first in the sandbox is counted too.
        tree.limit(to: Self.mostProcesses(spec))
        launch.begin()
        var isPrinting = true
        var hasExited = false
        while isPrinting || !hasExited || !tree.isGone {
            let ready = Ready.wait(
                output: isPrinting && !log.isWaiting ? launch.output : -1,
                steps: steps.isOpen ? launch.steps : -1,
                exit: hasExited ? tree.descriptor : launch.descriptor,
                requests: requests.descriptor,
                outbound: outbound?.descriptor ?? -1, milliseconds: pause)
            if ready.output { isPrinting = log.take(from: launch.output, at: watch.milliseconds) }
            if ready.steps { steps.take(from: launch.steps, watch.milliseconds, &log) }
            if ready.exit { if hasExited { tree.isGone = true } else { hasExited = true } }
            if ready.requests, let request = requests.read() { obey(request) }
            log.lookForRoom(at: watch.milliseconds, isWorthWaiting: ending.end == nil)
            if ready.outbound { loseNetwork() }
            keepBounds()
        }
        steps.take(from: launch.steps, watch.milliseconds, &log)
        return ended()
    }

    private static func mostProcesses(_ spec: AttemptSpec) -> Int {
        if let most = spec.limits.processes { return most + 1 }
        let text = KernelFile.read("/proc/sys/kernel/pid_max").split(separator: "\n").first ?? ""
        return min(standardProcesses, (Int(text) ?? .max) / shareOfNumbers) + 1
    }

    /// Bubblewrap and the first in the sandbox; slirp4netns and what it starts to get ready.
    private static func ownProcesses(_ spec: AttemptSpec) -> Int {
        spec.network == .outbound ? 4 : 2
    }

    /// Until something has to be looked at though nobody says a word.
    private var pause: Int {
        let now = watch.milliseconds
        let next = ending.end == nil ? bounds.nextLook(after: now) : ending.nextLook
        return max(0, min(next ?? now + Int(Int32.max), log.nextLook(after: now)) - now)
    }

    /// Whoever waits for an answer would wait for ever, and nobody would know for what.
    private mutating func loseNetwork() {
        let words = outbound?.lastWords ?? ""
        outbound = nil
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
        if ending.isToKill(at: now) {
            group.kill()
            tree.kill()
        }
        guard ending.end == nil else { return }
        if let end = log.broken { return self.end(as: end, grace: 0) }
        if let (end, grace) = bounds.broken(at: now, tree, refused: group.refusedProcesses) {
            self.end(as: end, grace: grace)
        }
    }

    private mutating func end(as end: AttemptReport.End, grace: Int) {
        if ending.begin(end, at: watch.milliseconds, grace: grace) { tree.ask() }
    }

    private consuming func ended() -> EndedAttempt {
        var status: Int32 = 0
        while unsafe waitpid(launch.process, &status, 0) < 0, errno == EINTR {}
        outbound = nil
        let end = ending.end ?? ended(with: status)
        let (cpu, memory) = (group.cpuMilliseconds ?? 0, group.peakMemory ?? bounds.peakMemory)
        // Everybody is dead by now; one who is still on his way out is waited for.
        while !group.remove(), !group.processes.isEmpty { group.kill() }
        exports?.bringHome()
        return EndedAttempt(
            end: end, cpuMilliseconds: cpu, peakMemory: memory, steps: steps.ended, log: log)
    }

    private func ended(with status: Int32) -> AttemptReport.End {
        let signal = status & 0x7F
        let code = Int(status >> 8 & 0xFF)
        if signal == 0, code == 0 { return .succeeded }
        // The kernel ends the largest process; that the others failed for the want of it follows.
        if group.wasOutOfMemory { return .outOfMemory }
        if signal != 0 { return .signalled(Int(signal)) }
        // What bubblewrap says of itself was said before there was a command to say anything.
        if code == 1, let complaint = log.complaint { return .couldNotStart(complaint) }
        if group.wasOutOfProcesses || bounds.wasOutOfProcesses { return .overLimit("processes") }
        return .exited(code: code)
    }
}
