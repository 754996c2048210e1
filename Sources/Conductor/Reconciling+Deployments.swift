import Deployment
import Engine
import Pipelines

extension EngineState {
    /// What there is to learn of what was seen of environments.
    func news(of facts: [EnvironmentName: SiteFacts]) -> [Command] {
        facts.sorted { $0.key < $1.key }.flatMap { name, facts in
            (environments[name]?.site.news(of: facts) ?? []).map { .environment(name, .see($0)) }
        }
    }
}

// An action that deploys is carried out by its environment, which is on the record itself: so what
// there is to know of it is known here, and no hands are needed.
extension EngineState {
    func deploys(_ attempt: AttemptID) -> Bool {
        runners.underWay.contains { $0.attempt == attempt && $0.runner == .deployments }
    }

    func news(ofDeployment attempt: AttemptID, _ work: Work) -> [Command] {
        let found = environments.first { $0.value.deployment(by: attempt) != nil }
        guard let (name, environment) = found, let deployment = environment.deployment(by: attempt)
        else {
            if case .run = work { return [.deploy(attempt)] }
            return [.finished(attempt, .init(end: .stopped))]
        }
        if let end = deployment.end { return [.finished(attempt, .init(end: end.ofAttempt))] }
        switch work {
        case .run(_, hasStarted: false): return [.started(attempt)]
        case .run, .watch: return []
        case .kill:
            guard let rollout = environment.site.rollout, rollout.to == deployment.release else {
                return [.environment(name, .withdraw(deployment.release, reason: "it was stopped"))]
            }
            if rollout.isGoingBack { return [] }
            return [.environment(name, .turnBack(by: "slipway", reason: "it was stopped"))]
        }
    }
}

extension PastDeployment.End {
    fileprivate var ofAttempt: AttemptEnd {
        switch self {
        case .outcome(.succeeded): .succeeded
        case .outcome(.turnedBack(let cause)): .failed(.failed, "turned back: \(cause)")
        case .outcome(.stuck(let cause)): .failed(.failed, cause)
        case .dropped(let reason, isThere: let isThere):
            isThere ? .succeeded : .failed(.failed, "not deployed: \(reason)")
        }
    }
}
