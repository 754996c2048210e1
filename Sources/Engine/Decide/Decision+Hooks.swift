import Deployment
import Pipelines

// Hooks on the way of a deployment: attempts, whose end their environment is told.
extension Decision {
    /// Asks for the hook that a deployment has come to, when the one before it is known to have
    /// ended. What was asked for and never begun, and is not wanted any more, has ended.
    mutating func settleHook(of name: EnvironmentName) throws(Refusal) {
        guard let environment = state.environments[name] else { return }
        let wanted = environment.wantedHook
        if let hook = environment.hook {
            let isUnderWay = state.runners.underWay.contains { $0.attempt == hook.attempt }
            guard hook != wanted, !isUnderWay else { return }
            try emit(.attemptFinished(attempt: hook.attempt, result: .init(end: .stopped)))
            return try settleHook(of: name)
        }
        guard let wanted, environment.site.rollout?.isHookOver == false else { return }
        try emit(.attemptQueued(attempt: wanted.attempt, cause: .first))
    }

    mutating func begun(
        _ attempt: AttemptID, in name: EnvironmentName, _ environment: EnvironmentState
    ) throws(Refusal) {
        guard case .hook(let hook, _) = attempt.job else { return }
        try tell(.see(.hookBegun(hook)), to: name, of: environment.owner, environment.site)
    }

    /// It is not tried again: what it does is to be done once.
    mutating func finished(hook attempt: AttemptID, _ result: AttemptResult) throws(Refusal) {
        let known = state.environments.first { $0.value.hook?.attempt == attempt }
        try emit(.attemptFinished(attempt: attempt, result: result))
        guard let (name, environment) = known else { return }
        if environment.hook == environment.wantedHook, let hook = environment.hook?.hook {
            let sighting = SiteSighting.hookEnded(hook, problem: result.end.problem(of: hook))
            try tell(.see(sighting), to: name, of: environment.owner, environment.site)
        } else {
            try settleHook(of: name)
        }
    }
}

extension AttemptEnd {
    fileprivate func problem(of hook: Hook) -> String? {
        switch self {
        case .succeeded: nil
        case .failed(_, let reason): "hook '\(hook.rawValue)' failed: \(reason)"
        case .stopped: "hook '\(hook.rawValue)' was stopped"
        }
    }
}
