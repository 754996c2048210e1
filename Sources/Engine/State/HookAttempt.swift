package import Deployment
package import Pipelines

/// A hook on its way, which is an attempt as any other: it has a log, limits and a place on a
/// runner, and its number is begun once.
package struct HookAttempt: Hashable, Sendable, Codable {
    package let hook: Hook
    package let attempt: AttemptID
}

extension EnvironmentState {
    /// The hook that the deployment is at, whether it was asked for or not.
    var wantedHook: HookAttempt? {
        guard let rollout = site.rollout, case .run(let hook)? = rollout.step,
            let open = history.last(where: { $0.release == rollout.to && $0.end == nil }),
            let namesake = open.namesake, case .action(let action) = namesake.job
        else { return nil }
        let attempt = AttemptID(namesake.visit, .hook(hook, action), namesake.number)
        return HookAttempt(hook: hook, attempt: attempt)
    }

    /// What is run on the way back to a release.
    func hooks(puttingBack release: ReleaseID) -> [Hook: HookWork] {
        (origins?[release]?.work ?? [:]).filter { $0.key.isForWayBack }
    }

    /// What a hook of the deployment that is under way runs.
    package func work(of attempt: AttemptID) -> (release: ReleaseID, work: HookWork)? {
        guard let wanted = wantedHook, wanted.attempt == attempt, let rollout = site.rollout,
            let work = rollout.order.work?[wanted.hook]
        else { return nil }
        return (rollout.to, work)
    }
}

extension EngineState {
    /// The environment whose deployment is at this hook.
    package func environment(at hook: AttemptID) -> (name: EnvironmentName, EnvironmentState)? {
        guard hook.job.isHook else { return nil }
        return environments.first { $0.value.wantedHook?.attempt == hook }
            .map { (name: $0.key, $0.value) }
    }
}
