import Engine
import HTTP
import People
import Pipelines
import Synchronization

/// What stands between a request and its handler: rates, the token, and what it is good for.
final class Defences: Sendable {
    private struct Buckets: Sendable {
        var addresses: RateLimiter<String>
        var tokens: RateLimiter<TokenID>
        var failures: RateLimiter<String>
    }

    private let buckets: Mutex<Buckets>
    private let gatekeeper: any Gatekeeper
    private let log: DenialLog
    private let meter: Meter
    private let uses: TokenUses

    init(
        _ limits: RateLimits, _ gatekeeper: any Gatekeeper, _ log: DenialLog, _ meter: Meter,
        _ uses: TokenUses
    ) {
        buckets = Mutex(
            Buckets(
                addresses: RateLimiter(limits.ofAddress), tokens: RateLimiter(limits.ofToken),
                failures: RateLimiter(limits.ofFailures)))
        self.gatekeeper = gatekeeper
        self.log = log
        self.meter = meter
        self.uses = uses
    }

    /// Who asks; nothing if they have shown nothing that is valid.
    ///
    /// A valid token has a measure of its own, and takes nothing from its address's, which may be
    /// a proxy's: so however much strangers ask, and however often they guess, whoever belongs here
    /// is served. Guessing 256 bits gains nothing by it.
    func caller(of request: Request, at now: Moment) throws(Problem) -> Caller? {
        let time = now.steady.milliseconds
        let network = PeerNetwork.of(request.peer)
        let shown: Caller?
        do throws(Rejection) {
            shown = try gatekeeper.caller(of: request)
            if let shown { uses.note(shown.token, at: now.wall) }
        } catch {
            meter.countDenial()
            log.note(FailedSignIn(from: request.peer, error))
            if let wait = buckets.withLock({ $0.failures.take(network, at: time) }) {
                throw .tooMany(retryAfter: wait)
            }
            shown = nil
        }
        let wait = buckets.withLock { buckets in
            guard let shown else { return buckets.addresses.take(network, at: time) }
            return buckets.tokens.take(shown.token, at: time)
        }
        if let wait { throw .tooMany(retryAfter: wait) }
        return shown
    }

    /// Who asked, and was let in by the head of this request; nothing if their token is valid no
    /// longer.
    func admitted(_ request: Request) -> Caller? { try? gatekeeper.caller(of: request) }

    func authorise(
        _ caller: Caller?, _ route: Route, _ parameters: Parameters, in state: EngineState
    ) throws(Problem) {
        switch route.access {
        case .anybody, .ownRule: return
        case .anyToken, .pipeline, .environment, .house, .somewhere: break
        }
        guard let caller else { throw .unauthorized }
        let isAllowed: Bool
        var parameters = parameters
        switch route.access {
        case .anybody, .ownRule, .anyToken: isAllowed = true
        case .house(let permission): isAllowed = caller.may(permission, on: nil)
        case .somewhere(let permission): isAllowed = caller.maySomewhere(permission)
        case .pipeline(let permission):
            guard let name = parameters.pipeline, caller.may(.look, on: name) else {
                deny(caller, route, parameters)
                // As if it were not there, for whoever may not know whether it is.
                throw .missing("pipeline '\(parameters.pipeline?.description ?? "")'")
            }
            let reached = parameters.stage.map { state.environments(of: $0, in: name) } ?? []
            isAllowed = caller.may(permission, on: name, reaching: reached)
        case .environment(let permission):
            let name = parameters.environment
            let owner = name.flatMap { state.environment($0)?.owner }
            parameters.own(owner)
            guard let name, let owner, caller.may(.look, on: owner) else {
                deny(caller, route, parameters)
                throw .missing("environment '\(parameters.environment?.description ?? "")'")
            }
            isAllowed = caller.may(permission, on: owner, reaching: [name])
        }
        guard isAllowed else {
            deny(caller, route, parameters)
            throw .forbidden(caller, route.access.permission, parameters.pipeline)
        }
    }

    private func deny(_ caller: Caller, _ route: Route, _ parameters: Parameters) {
        guard let permission = route.access.permission else { return }
        meter.countDenial()
        log.note(Denial(caller, permission, on: parameters.pipeline))
    }
}

extension Problem {
    fileprivate static func forbidden(
        _ caller: Caller, _ permission: Permission?, _ pipeline: PipelineName?
    ) -> Problem {
        let role = permission?.role.rawValue ?? "viewer"
        let place = pipeline.map { " in pipeline '\($0)'" } ?? ""
        return Problem(
            403, "forbidden", "\(caller.name) may not do this\(place)",
            hint: "it takes the role '\(role)' there; an administrator gives roles")
    }
}
