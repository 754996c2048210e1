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
    private let denied: @Sendable (Refused) -> Void

    init(
        _ limits: RateLimits, _ gatekeeper: any Gatekeeper,
        denied: @escaping @Sendable (Refused) -> Void
    ) {
        buckets = Mutex(
            Buckets(
                addresses: RateLimiter(limits.ofAddress), tokens: RateLimiter(limits.ofToken),
                failures: RateLimiter(limits.ofFailures)))
        self.gatekeeper = gatekeeper
        self.denied = denied
    }

    /// Before anything is looked at.
    func admit(_ request: Request, at now: Moment) throws(Problem) {
        let time = now.steady.milliseconds
        let wait = buckets.withLock { $0.addresses.take(request.peer, at: time) }
        if let wait { throw .tooMany(retryAfter: wait) }
    }

    /// Who asks; nothing if they have shown nothing that is valid.
    func caller(of request: Request, at now: Moment) throws(Problem) -> Caller? {
        let time = now.steady.milliseconds
        // Asked before the token is looked at, so that nobody learns anything by going on.
        let wait = buckets.withLock {
            request.hasCredentials ? $0.failures.wait(request.peer, at: time) : nil
        }
        if let wait { throw .tooMany(retryAfter: wait) }
        guard let caller = gatekeeper.caller(of: request) else {
            if request.hasCredentials {
                buckets.withLock { _ = $0.failures.take(request.peer, at: time) }
            }
            return nil
        }
        let pause = buckets.withLock { $0.tokens.take(caller.token, at: time) }
        if let pause { throw .tooMany(retryAfter: pause) }
        return caller
    }

    func authorise(
        _ caller: Caller?, _ route: Route, _ parameters: Parameters, _ request: Request,
        in state: EngineState
    ) throws(Problem) {
        let deny = { [denied] in
            denied(
                Refused(
                    caller: caller, permission: route.access.permission,
                    pipeline: parameters.pipeline, peer: request.peer,
                    what: "\(route.method.rawValue) \(route.template)"))
        }
        switch route.access {
        case .anybody, .ownRule: return
        case .anyToken, .pipeline, .house, .somewhere: break
        }
        guard let caller else {
            deny()
            throw .unauthorized
        }
        let isAllowed: Bool
        switch route.access {
        case .anybody, .ownRule, .anyToken: isAllowed = true
        case .house(let permission): isAllowed = caller.may(permission, on: nil)
        case .somewhere(let permission): isAllowed = caller.maySomewhere(permission)
        case .pipeline(let permission):
            guard let name = parameters.pipeline, caller.may(.look, on: name) else {
                deny()
                // As if it were not there, for whoever may not know whether it is.
                throw .missing("pipeline '\(parameters.pipeline?.description ?? "")'")
            }
            let reached = parameters.stage.map { state.environments(of: $0, in: name) } ?? []
            isAllowed = caller.may(permission, on: name, reaching: reached)
        }
        guard isAllowed else {
            deny()
            throw .forbidden(caller, route.access.permission, parameters.pipeline)
        }
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
