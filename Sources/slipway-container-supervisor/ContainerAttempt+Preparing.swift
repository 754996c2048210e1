import Attempts
import Containers
import Docker
import Glibc
import Logs
import Sandbox
import Supervising

extension ContainerAttempt {
    /// From the spec to the report. What belongs to the container is gone when this returns or
    /// throws.
    static func perform(
        _ spec: AttemptSpec, _ errand: Errand, _ ready: consuming Readiness, _ watch: Watch,
        _ requests: borrowing StopRequests
    ) throws -> AttemptReport {
        let (folder, secrets) = (errand.folder, errand.secrets)
        guard let part = spec.container else { throw FieldError("'container' is missing") }
        try check(spec)
        var log = try AttemptLog.create(folder, limit: spec.limits.output, secrets: secrets)
        let engine = try DockerEngine(at: part.socket)
        let fetch = ImageFetch(engine: engine, image: ImageName(part.image), pull: part.pull)
        let early = try fetch.perform(spec.limits, watch, requests) { text in
            log.say(text, at: watch.milliseconds)
        }
        if let early {
            let totals = log.close(at: watch.milliseconds)
            return AttemptReport(
                end: early, startedAt: watch.startedAt, milliseconds: watch.milliseconds,
                logBytes: totals.kept)
        }
        let plan = Container(
            spec, part, in: folder, trees: trees(for: spec), user: spec.slot ?? Int(getuid()),
            group: spec.slot ?? Int(getgid()))
        let channels = try Channels.make(
            spec, GateScript.bytes(for: spec, secrets), in: folder, user: plan.user,
            group: plan.group)
        let exports = Exports(
            from: "\(folder.channels)/exports", to: folder.exports, hiding: secrets)
        let stage = try furnish(spec, ready, in: folder) { problem in
            log.say("files are copied before the first step: \(problem)", at: watch.milliseconds)
        }
        let container = try OwnContainer.create(plan, on: engine)
        let printed = try attach(to: container.id, on: engine)
        try engine.start(container.id)
        let running = try RunningContainer.find(container.id, on: engine)
        do {
            if let stage { try running.show(stage, hasInputs: !spec.inputs.isEmpty) }
            if spec.network == .outbound { try running.refuseMetadata() }
        } catch {
            // One that has ended already has a better reason to tell. The Engine may hear of that
            // later than the kernel says it.
            if running.isAlive { throw error }
        }
        let ended = try engine.end(of: container.id)
        let attempt = ContainerAttempt(
            spec: spec, folder: folder, watch: watch, engine: engine, container: container,
            running: running, channels: channels, log: log, printed: printed, ended: ended)
        return attempt.run(requests, exports)
    }

    private static func check(_ spec: AttemptSpec) throws(SandboxError) {
        let isRoot = geteuid() == 0
        guard !isRoot || spec.slot ?? 0 > 0 else {
            throw SandboxError(
                "run commands as root", "the attempt has no user of its own",
                hint: "this is a mistake of the house; report it")
        }
        guard isRoot || spec.network != .outbound else {
            throw SandboxError(
                "give it network 'outbound'",
                "only root can close the way to a cloud's metadata in it",
                hint: "run the house as root, or use network 'none', or 'host' on a runner that "
                    + "allows it")
        }
    }

    /// Root puts them in place by itself: the Engine could not show them as the attempt's own.
    private static func trees(for spec: AttemptSpec) -> Container.Trees {
        if geteuid() == 0 { return .placed }
        return .mounted(volume: spec.layers.isEmpty ? nil : volumeName)
    }

    private static func furnish(
        _ spec: AttemptSpec, _ ready: consuming Readiness, in folder: AttemptFolder,
        say: (SandboxError) -> Void
    ) throws(SandboxError) -> Stage? {
        guard geteuid() == 0 else {
            try Workspace.makeFolders(spec, in: folder)
            return nil
        }
        var owners = try ready.owners(slot: spec.slot)
        let stage = try Stage.open(spec)
        let inputProblem = try stage.furnishTrees(spec, owners: &owners, in: folder)
        let problem = try Workspace.mount(spec, in: folder, on: stage, owners: &owners)
        if let problem = problem ?? inputProblem { say(problem) }
        return stage
    }

    /// Unlike any other's, and known before the Engine knows it.
    private static var volumeName: String {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return "slipway-\(getpid())-\(time.tv_sec)-\(time.tv_nsec)"
    }

    /// Before it starts, so that its first word is heard.
    static func attach(
        to container: String, on engine: DockerEngine
    ) throws(DockerError) -> EngineTransfer {
        let transfer = try engine.attach(to: container)
        engine.run()
        while transfer.status == nil, !transfer.isDone { engine.wait([], milliseconds: 60_000) }
        guard transfer.status == 200 || transfer.status == 101 else {
            throw engine.refusal(of: transfer, transfer.take())
        }
        return transfer
    }
}
