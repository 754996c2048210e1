import Attempts
import Containers
import Docker
import Glibc
import Images
import Logins
import Logs
import Sandbox
import Serving
import Supervising

extension ServedContainer {
    private static let pause = 1_000

    /// From the spec to the report. What belongs to the container is gone when this returns or
    /// throws.
    static func report(
        _ spec: AttemptSpec, _ errand: Errand, _ watch: Watch, _ requests: borrowing StopRequests
    ) throws -> AttemptReport {
        guard let service = spec.service, let part = spec.container else {
            throw FieldError("this is no instance of an image")
        }
        guard geteuid() == 0 else {
            throw SandboxError(
                "run an instance of an image",
                "requests are brought into its own network, which "
                    + "only root can enter", hint: "run the server as root, or deploy an artifact")
        }
        let purse = try Purse(errand.access)
        var log = try ServiceLog.create(
            errand.folder, bytes: service.logBytes, secrets: errand.secrets + purse.secrets)
        var state = StateFile(errand.folder.state, ringing: service.bell)
        state.tell(ServiceReading(.starting))
        let engine = try DockerEngine(at: part.socket)
        defer { SecretFiles.remove(of: errand.folder) }
        let begun = try begun(spec, part, errand, purse, watch, requests, engine, &log, &state)
        guard let begun else {
            let totals = log.close(at: watch.milliseconds)
            return AttemptReport(
                end: .stopped, startedAt: watch.startedAt, milliseconds: watch.milliseconds,
                logBytes: totals.kept)
        }
        let watched = try Watched(service, spec, begun.running, in: begun.container.id)
        let run = ServedContainer(
            spec, service, watch: watch, engine: engine, begun: begun, watched, log: log,
            state: state)
        return run.run(requests)
    }

    /// Nothing if somebody does not want it any more. The Engine may be about to come back, and
    /// nothing is lost by waiting for it.
    private static func begun(
        _ spec: AttemptSpec, _ part: ContainerSpec, _ errand: Errand, _ purse: Purse,
        _ watch: Watch, _ requests: borrowing StopRequests, _ engine: DockerEngine,
        _ log: inout ServiceLog, _ state: inout StateFile
    ) throws -> Begun? {
        while requests.read() == nil {
            do {
                guard try fetch(spec, part, purse, watch, requests, on: engine, &log, &state)
                else { return nil }
                return try begin(spec, part, errand, on: engine)
            } catch DockerError.unreachable(let socket, let problem) {
                let away = DockerError.unreachable(socket: socket, problem: problem)
                state.tell(ServiceReading(.starting, cause: "\(away)"))
                var waited = pollfd(fd: requests.descriptor, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&waited, 1, Int32(pause))
            }
        }
        return nil
    }

    /// False if somebody does not want it any more.
    private static func fetch(
        _ spec: AttemptSpec, _ part: ContainerSpec, _ purse: Purse, _ watch: Watch,
        _ requests: borrowing StopRequests, on engine: DockerEngine, _ log: inout ServiceLog,
        _ state: inout StateFile
    ) throws -> Bool {
        let fetch = ImageFetch(engine: engine, image: ImageName(part.image), pull: part.pull) {
            try login(part, purse)
        }
        let end = try fetch.perform(spec.limits, watch, requests) { words in
            log.say(words, at: watch.milliseconds)
            state.tell(ServiceReading(.starting, cause: words))
        }
        return end == nil
    }

    private static func login(_ part: ContainerSpec, _ purse: Purse) throws -> PullLogin? {
        guard let registry = part.registry else { return nil }
        let repository = try Reference(familiar: part.image).repository
        let credential = purse.logins.keys.first
        let login = try purse.login(credential, for: repository, by: registry) { true }
        return login.map {
            PullLogin(user: $0.user, password: $0.password, host: "\(repository.host)")
        }
    }

    /// A container that runs, and what is heard of it.
    struct Begun: ~Copyable {
        let container: OwnContainer
        let running: RunningContainer
        let printed: EngineTransfer
        let stopSignal: Int32
    }

    private static func begin(
        _ spec: AttemptSpec, _ part: ContainerSpec, _ errand: Errand, on engine: DockerEngine
    ) throws -> Begun {
        // What an earlier house of this place has left, and what died together with its supervisor.
        try Leftovers.remove(of: errand.folder, on: engine)
        try Leftovers.sweep(house: part.house, on: engine) { folder in
            folder == errand.folder.path || SupervisorProcess.find(AttemptFolder(folder)) != nil
        }
        let plan = ServiceContainer(spec, part, in: errand.folder, errand.secrets)
        if let network = plan.network { try engine.make(network: network.name, network.body) }
        try SecretFiles.make(errand.secrets, for: errand.folder)
        let container = try OwnContainer.create(plan, for: errand.folder, on: engine)
        let stopSignal = StopSignals.number(try engine.facts(of: container.id).stopSignal)
        let printed = try ContainerAttempt.attach(to: container.id, on: engine)
        try engine.start(container.id)
        let running = try RunningContainer.find(container.id, on: engine)
        do {
            if spec.network == .outbound { try running.refuseMetadata() }
        } catch {
            if running.isAlive { throw error }
        }
        return Begun(
            container: container, running: running, printed: printed, stopSignal: stopSignal)
    }
}
