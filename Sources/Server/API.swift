package import Attempts
package import Conductor
import Cryptography
package import Engine
package import HTTP
import People
import Pipelines
import Store
import Synchronization
package import Vault

/// Answers whatever is asked over HTTP: finds the route, finds out who asks, whether they may, and
/// does what the route's handler wants done.
package final class API: Sendable {
    /// Of a body that means nothing; some clients send one with everything.
    private static let idleBody = 1 << 10

    private let router = Router(Routes.all)
    private let house: Surroundings
    private let defences: Defences
    private let clerks: Clerks
    /// Whoever does what takes long.
    private let labourer: Clerk
    private let denials: DenialLog
    private let heldBack: HeldAnswers
    private let counting: Listening
    private let repeats = Mutex(Repeats())
    /// What went wrong on our own side, for the server's log.
    private let complain: @Sendable (String) -> Void

    /// What stays the same while the server runs.
    package struct Parts: Sendable {
        package let desk: any Desk
        package let home: String
        package var gatekeeper: any Gatekeeper
        package let folder: @Sendable (AttemptID) -> AttemptFolder
        package var shipping: any Shipping = SeenAlone()
        package var hooks: any Hooks = NoHooks()
        package var definitions: any DefinitionNews = NoDefinitions()
        package var remotes: @Sendable () -> [WatchedRemote] = { [] }
        package var watched: @Sendable () -> WatchFigures? = { nil }
        package var estate: @Sendable () -> SeenEstate = { SeenEstate() }
        /// Where figures are told; its own if nobody else tells any.
        package var meter: Meter?
        package var vault: Vault?
        package var uses = TokenUses()
        /// That many bytes that nobody can guess.
        package var random: @Sendable (Int) -> [UInt8]? = { try? RandomBytes.make($0) }
        package var settings = Surroundings.Settings()
        package var complain: @Sendable (String) -> Void = { _ in }
        package var pulse = Pulse()

        package init(
            desk: any Desk, home: String,
            folder: @escaping @Sendable (AttemptID) -> AttemptFolder
        ) {
            self.desk = desk
            self.home = home
            gatekeeper = HouseGatekeeper(desk)
            self.folder = folder
        }
    }

    package init(_ parts: Parts) {
        let folder = parts.folder
        let meter = parts.meter ?? Meter(folder: folder)
        house = Surroundings(
            desk: parts.desk, home: parts.home, folder: folder, shipping: parts.shipping,
            hooks: parts.hooks, definitions: parts.definitions, remotes: parts.remotes,
            watched: parts.watched, estate: parts.estate, settings: parts.settings,
            vault: parts.vault, uses: parts.uses,
            random: parts.random,
            gatekeeper: parts.gatekeeper,
            feed: Feed(desk: parts.desk, home: parts.home, meter: meter), meter: meter,
            pulse: parts.pulse, folders: FolderWatch())
        denials = DenialLog(parts.desk)
        let heldBack = HeldAnswers(parts.desk)
        self.heldBack = heldBack
        counting = house.pulse.listen { [weak heldBack] in heldBack?.giveUp() }
        defences = Defences(
            parts.settings.limits, parts.gatekeeper, denials, meter, parts.uses)
        clerks = Clerks(home: parts.home)
        labourer = Clerk(home: parts.home, name: "labourer")
        complain = parts.complain
    }

    /// Wakes every stream that is open: for tests, and for a server that has changed something.
    package func beat() { house.pulse.beat() }

    /// Tells what was denied long enough ago and is not told yet. To be called once a second, so
    /// that a house that is killed loses what came within `Tally.interval` and little more.
    package func tellDue() { denials.tellDue() }

    /// Tells what is not told yet. To be called before the desk is closed.
    package func close() { denials.close() }

    /// Returns at once; what takes time is answered later.
    package func answer(_ request: Request, _ answering: any Answering) {
        let now = house.desk.view.now
        answer(request, answering) { request throws(Problem) in
            try self.defences.caller(of: request, at: now)
        }
    }

    /// Decides by the head of a request whether its body is wanted: who may not do what they ask
    /// is answered before anything of it is kept.
    package func admit(_ head: Request) -> Admission {
        let (state, now) = house.desk.view
        do throws(Problem) {
            let caller = try defences.caller(of: head, at: now)
            switch try find(head, for: caller, in: state) {
            case .answer(let response): return .refused(response.guarded)
            case .route(let route, _):
                return .wanted(
                    atMost: route.body?.maximumBytes ?? Self.idleBody, of: caller?.token)
            }
        } catch {
            return .refused(error.response.guarded)
        }
    }

    /// Answers what was admitted by its head. Whether it still may be done is looked at once more,
    /// because a body takes its time; it is not counted again.
    package func answerAdmitted(_ request: Request, _ answering: any Answering) {
        answer(request, answering) { request in self.defences.admitted(request) }
    }

    private func answer(
        _ request: Request, _ answering: any Answering,
        by caller: (Request) throws(Problem) -> Caller?
    ) {
        let outlet = Outlet(answering: answering)
        do throws(Problem) {
            try begin(request, for: try caller(request), outlet)
        } catch {
            outlet.answer(error.response)
        }
    }

    private enum Found {
        case route(Route, Parameters)
        case answer(Response)
    }

    /// What is asked for, if this caller may ask for it.
    private func find(
        _ request: Request, for caller: Caller?, in state: EngineState
    ) throws(Problem) -> Found {
        switch router.way(for: request.method, request.path) {
        case .found(let route, let parameters):
            try defences.authorise(caller, route, parameters, in: state)
            return .route(route, parameters)
        case .otherMethod(let methods): return .answer(try others(methods, request))
        case .nowhere:
            throw Problem(
                404, "", "there is nothing at this address",
                hint: "'/api/v1/openapi.json' tells what there is")
        }
    }

    private func begin(
        _ request: Request, for caller: Caller?, _ outlet: Outlet
    ) throws(Problem) {
        let (state, now) = house.desk.view
        let route: Route
        let parameters: Parameters
        switch try find(request, for: caller, in: state) {
        case .answer(let response): return outlet.answer(response)
        case .route(let found, let read): (route, parameters) = (found, read)
        }
        try route.check(request)
        let call = Call(
            request: request, parameters: parameters, caller: caller, state: state, now: now,
            house: house, clerks: clerks)
        guard route.isStart, let key = try IdempotencyKey(of: call) else {
            return perform(try route.handle(call), outlet)
        }
        try once(Repeats.Key(request: key.request, path: request.path), call, route, outlet)
    }

    private func others(
        _ methods: [Request.Method], _ request: Request
    ) throws(Problem) -> Response {
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        if request.method == .options { return Response(204, ["Allow": allowed]) }
        var problem = Problem(
            405, "", "\(request.method.rawValue) is nothing that can be done here",
            hint: "what can be: \(allowed)")
        problem.headers.add("Allow", allowed)
        throw problem
    }

    /// Does what was asked under a key, unless it was done before.
    private func once(
        _ key: Repeats.Key, _ call: Call, _ route: Route, _ outlet: Outlet
    ) throws(Problem) {
        let verdict = repeats.withLock { $0.begin(key, body: call.request.body, outlet) }
        switch verdict {
        case .known(let answer): return outlet.answer(answer)
        case .waits: return
        case .refused(let problem): throw problem
        case .new: break
        }
        let first = Outlet(answering: outlet) { [weak self] answer in
            let others = self?.repeats.withLock { $0.end(key, with: answer) } ?? []
            for other in others { other.answer(answer) }
        }
        do throws(Problem) {
            perform(try route.handle(call), first)
        } catch {
            first.answer(error.response)
        }
    }

    private func perform(_ deed: Deed, _ outlet: Outlet) {
        switch deed {
        case .answer(let response): outlet.answer(response)
        case .submit(let message, let then):
            house.desk.submit([message]) { [self] result in
                let answer = answer(result, then)
                guard case .success(let replies) = result, case .done(_, let end) = replies.first
                else { return outlet.answer(answer) }
                heldBack.wait(for: end) { outlet.answer(answer) }
            }
        case .look(let work):
            let isAsked = clerks.next.ask { [self] archive in
                perform(try work(archive), outlet)
            } orElse: { [self] error in
                outlet.answer(problem(error).response)
            }
            if !isAsked { outlet.answer(Problem.busy.response) }
        case .wait(let work): leave(work, to: clerks.next, outlet)
        case .labour(let work): leave(work, to: labourer, outlet)
        }
    }

    private func leave(
        _ work: @escaping @Sendable () throws -> Deed, to clerk: Clerk, _ outlet: Outlet
    ) {
        let isAsked = clerk.wait { [self] in
            do { perform(try work(), outlet) } catch { outlet.answer(problem(error).response) }
        }
        if !isAsked { outlet.answer(Problem.busy.response) }
    }

    private func answer(
        _ result: Result<[Reply], StoreError>,
        _ then: (Reply.Done) throws(Problem) -> Response
    ) -> Response {
        do throws(Problem) {
            switch result {
            case .failure(let error): throw problem(error)
            case .success(let replies):
                switch replies.first {
                case .done(let execution, let sequence):
                    return try then(Reply.Done(execution: execution, sequence: sequence))
                case .refused(let refusal): throw Problem(refusal)
                case nil: throw .defect("the house has not answered")
                }
            }
        } catch {
            return error.response
        }
    }

    private func problem(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let refusal as Refusal: return Problem(refusal)
        case let error as StoreError:
            complain("\(error)")
            return Problem(error)
        case let error as VaultError:
            switch error.kind {
            case .unknown, .invalid:
                let status = error.kind == .unknown ? 404 : 422
                return Problem(status, error.kind.rawValue, error.problem, hint: error.hint)
            case .damaged, .key, .disk:
                complain("\(error)")
                return Problem(
                    500, "secrets", "the secret could not be kept or read",
                    hint: "whoever hosts this server finds the reason in its log")
            }
        default:
            complain("\(error)")
            return Problem(
                500, "reading", "this could not be read",
                hint: "whoever hosts this server finds the reason in its log")
        }
    }
}
