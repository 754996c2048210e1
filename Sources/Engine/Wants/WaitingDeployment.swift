import Deployment
import Pipelines

/// What an action waits for that deploys: its environment, in the environment's own words.
struct WaitingDeployment {
    let subject: String
    let name: EnvironmentName
    let environment: EnvironmentState
    let deployment: PastDeployment

    /// Nothing once it has ended.
    var reason: Reason? {
        guard deployment.end == nil else { return nil }
        let site = environment.site
        guard let rollout = site.rollout else {
            if site.lock == nil, let reason = frozen { return reason }
            return waiting(for: site.lock)
        }
        return rollout.to == deployment.release && deployment.begun != nil
            ? underWay(rollout) : behind(rollout)
    }

    /// Nothing where it may begin.
    private var frozen: Reason? {
        let site = environment.site
        guard let order = site.queue.first(where: { $0.release.id == deployment.release }),
            site.isFrozen(order)
        else { return nil }
        guard let frozen = site.frozen else {
            return Reason(
                subject, waitsFor: "it is not known yet whether '\(name)' is frozen",
                endsWhen: "somebody has looked at the calendar"
            ).dated(since: deployment.ordered.steady)
        }
        return Reason(
            subject, waitsFor: "environment '\(name)' is frozen: \(frozen.reason)",
            endsWhen: "that is over, or somebody lets it through "
                + "(slipway environments thaw \(name) --reason …)"
        ).dated(since: Steady(frozen.since))
    }

    private func waiting(for lock: Site.Lock?) -> Reason {
        guard let lock else {
            return Reason(
                subject, waitsFor: "\(deployment.release) is about to be deployed to '\(name)'",
                endsWhen: "the deployment has ended"
            ).dated(since: deployment.ordered.steady)
        }
        return Reason(
            subject, waitsFor: "\(lock.person) has locked environment '\(name)': \(lock.reason)",
            endsWhen: "somebody unlocks it (slipway environments unlock \(name))"
        ).dated(since: Steady(lock.since))
    }

    private func behind(_ rollout: Rollout) -> Reason {
        let queue = environment.site.queue.map(\.release.id)
        let ahead = queue.firstIndex(of: deployment.release) ?? 0
        let line = ahead == 0 ? "it is next" : ahead == 1 ? "1 waits ahead" : "\(ahead) wait ahead"
        let lock = environment.site.lock.map { ", and \($0.person) has locked it: \($0.reason)" }
        return Reason(
            subject,
            waitsFor: "\(rollout.to) is being deployed to '\(name)'; \(line)\(lock ?? "")",
            endsWhen: "that has ended" + (lock == nil ? "" : " and somebody unlocks it")
        ).dated(since: deployment.ordered.steady)
    }

    private func underWay(_ rollout: Rollout) -> Reason {
        let (to, since) = (rollout.to, Steady(rollout.since))
        guard let step = rollout.step else {
            return Reason(
                subject, waitsFor: "'\(name)' has \(to) at last", endsWhen: "that is recorded"
            ).dated(since: since)
        }
        let place = "step \(rollout.index + 1) of \(rollout.plan.steps.count)"
        let told = rollout.charge?.progress.map { " (\($0))" } ?? ""
        let doing = "\(place), \(step.sentence(from: rollout.from, to: to))\(told)"
        let deadline = step.limit.map { since + $0 }
        if let cause = rollout.cause?.prefix(while: { !$0.isNewline }) {
            return Reason(
                subject, waitsFor: "'\(name)' goes back from \(to), because \(cause): \(doing)",
                endsWhen: "that is done"
            ).dated(since: since, until: deadline)
        }
        if let person = rollout.pausedBy {
            return Reason(
                subject, waitsFor: "\(person) has paused the deployment to '\(name)' at \(doing)",
                endsWhen: "somebody resumes it (slipway environments resume \(name))"
            ).dated(since: since)
        }
        return Reason(
            subject, waitsFor: "\(to) is being deployed to '\(name)': \(doing)",
            endsWhen: step.end
        ).dated(since: since, until: deadline)
    }
}

extension Step {
    /// What ends it.
    fileprivate var end: String {
        switch self {
        case .run: "the hook has ended"
        case .reach, .entrust: "that is done, or else it goes back"
        case .ask: "somebody approves or rejects it, or else it goes back"
        case .hold: "the time is over"
        }
    }
}
