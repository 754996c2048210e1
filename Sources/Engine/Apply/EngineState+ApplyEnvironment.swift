import Deployment
import Pipelines

extension EngineState {
    mutating func takeEnvironment(_ record: Record) throws(Misfit) {
        guard case .environment(let name, let pipeline, let event, let attempt) = record.event
        else { throw Misfit("it is no event of an environment") }
        if environments[name] == nil {
            guard case .ordered = event else {
                throw Misfit("nothing was ever deployed to '\(name)'")
            }
            environments[name] = EnvironmentState(owner: pipeline)
        }
        // Whoever deploys there when the owner is gone takes it over.
        environments[name]?.owner = pipeline
        environments[name]?.take(event, from: attempt, in: record)
        letGoOfHook(in: name)
        // Nobody is asked any more about what goes on, or back.
        if environments[name]?.asker == nil { environments[name]?.asking = nil }
    }

    /// A hook that its deployment has left behind is ended.
    private mutating func letGoOfHook(in name: EnvironmentName) {
        guard let environment = environments[name], let hook = environment.hook,
            environment.wantedHook != hook
        else { return }
        runners.withdraw(hook: hook.attempt)
        runners.kill(hook: hook.attempt)
    }
}

extension EnvironmentState {
    fileprivate mutating func take(
        _ event: SiteEvent, from attempt: AttemptID?, in record: Record
    ) {
        let under = site.rollout?.to
        site.apply(event, at: record.at.steady.sinceBirth)
        switch event {
        case .ordered(let order):
            if let attempt {
                let origin = Origin(attempt: attempt, work: order.work ?? [:])
                origins = (origins ?? [:]).merging([order.release.id: origin]) { $1 }
            }
            history.append(
                PastDeployment(
                    release: order.release.id, version: order.release.version,
                    strategy: order.strategy, attempt: attempt,
                    namesake: attempt ?? namesake(of: order.release.id, in: record),
                    by: record.by, ordered: record.at))
            if history.count > Self.kept { history.removeFirst() }
        case .begun(let release): note(release) { $0.begun = record.at }
        case .dropped(let release, let reason):
            let isThere = site.current == release
            note(release) { deployment in
                deployment.ended = record.at
                deployment.end = .dropped(reason, isThere: isThere)
            }
        case .ended(let outcome):
            if let under {
                note(under) { deployment in
                    deployment.ended = record.at
                    deployment.end = .outcome(outcome)
                }
            }
            forget()
        default: break
        }
    }

    /// Of what is put back. No action is tried as often as there are records, so the number is its
    /// own.
    private func namesake(of release: ReleaseID, in record: Record) -> AttemptID? {
        origins?[release].map { origin in
            AttemptID(origin.attempt.visit, origin.attempt.job, record.sequence)
        }
    }

    /// The same version may have been there before; what is meant is the one that is open.
    private mutating func note(_ release: ReleaseID, _ change: (inout PastDeployment) -> Void) {
        let index = history.lastIndex { $0.release == release && $0.end == nil }
        if let index { change(&history[index]) }
    }

    /// Lets go of versions that nobody runs and nobody would put back.
    private mutating func forget() {
        var good: [ReleaseID] = []
        for deployment in history.reversed() where deployment.end == .outcome(.succeeded) {
            if !good.contains(deployment.release) { good.append(deployment.release) }
        }
        site.forget(keeping: Set(good.prefix(Self.versionsKept)))
        origins = origins?.filter { site.releases[$0.key] != nil }
    }
}

extension Steady {
    package init(_ time: Duration) { self.init(milliseconds: Int64(time.milliseconds)) }

    /// The same time, as environments reckon it.
    var sinceBirth: Duration { .milliseconds(milliseconds) }
}
