import Deployment
import Engine
import Pipelines

extension EngineState {
    /// What a runner has to know of a hook, all of which its deployment knows: what is put back may
    /// come from an execution of which nobody knows any more.
    func assignment(forHook attempt: AttemptID) throws(Unassignable) -> Assignment {
        guard let (name, environment) = environment(at: attempt),
            let (release, work) = environment.work(of: attempt),
            case .hook(let hook, let action) = attempt.job,
            let version = environment.site.releases[release]?.version
        else { throw Unassignable("its deployment is over") }
        var facts = attempt.facts
        facts["SLIPWAY_ACTION"] = "\(action)"
        facts["SLIPWAY_ENVIRONMENT"] = "\(name)"
        facts["SLIPWAY_RELEASE"] = "\(release)"
        facts["SLIPWAY_HOOK"] = hook.rawValue
        facts["SLIPWAY_PREVIOUS"] = environment.site.rollout?.from.map { "\($0)" }
        return Assignment(
            attempt, hook: work, environment: facts.merging(work.environment) { $1 },
            inputs: work.artifact.map { artifact in
                [
                    .init(
                        name: "\(artifact)",
                        content: .artifact(Artifact(name: artifact, digest: version)))
                ]
            } ?? [])
    }
}
