import Pipelines

/// What a deployment does next, when all that follows from its aim is under way.
struct Progressing {
    let site: Site
    let rollout: Rollout
    let now: HouseTime

    /// Nothing if it waits.
    var next: SiteEvent? {
        if !rollout.isGoingBack, let cause = danger { return .turnedBack(cause: cause) }
        guard let step = rollout.step else { return .ended(outcome: outcome) }
        switch step {
        case .run: return afterHook
        case .reach(_, let passing, let limit):
            if Reconciling(site, at: now).isReached { return onward }
            return isOver(limit) ? missed("\(passing)", limit, rollout.lastFailure) : nil
        case .entrust(let limit): return entrusted(within: limit)
        case .ask(let limit):
            if rollout.isAnswered { return onward }
            return isOver(limit)
                ? .turnedBack(cause: "nobody approved it within \(limit.short)") : nil
        case .hold(let time): return rollout.isAnswered || isOver(time) ? onward : nil
        }
    }

    private var outcome: SiteOutcome { rollout.cause.map(SiteOutcome.turnedBack) ?? .succeeded }

    /// What must not be waited out.
    private var danger: String? {
        if let alarm = rollout.alarm { return "alarm: \(alarm)" }
        let count = rollout.order.release.roles.map(site.count(of:)).max() ?? 0
        guard rollout.isBroken(of: count) else { return nil }
        let many = rollout.failures == 1 ? "an instance" : "\(rollout.failures) instances"
        return "\(many) failed, the last one so: \(lastFailure)"
    }

    private var lastFailure: String { rollout.lastFailure ?? "nothing is known of it" }

    private func isOver(_ limit: Duration) -> Bool { rollout.since + limit <= now }

    private var onward: SiteEvent? {
        rollout.pausedBy == nil || rollout.isGoingBack ? .stepBegun(index: rollout.index + 1) : nil
    }

    private var afterHook: SiteEvent? {
        guard let end = rollout.hookEnd else { return nil }
        guard let problem = end.problem, !rollout.isGoingBack else { return onward }
        return .turnedBack(cause: problem)
    }

    private func entrusted(within limit: Duration) -> SiteEvent? {
        // Nothing was ever begun that would have to be undone.
        guard let charge = rollout.charge else { return onward }
        switch charge.end {
        case .done: return onward
        case .failed(let why):
            guard let cause = rollout.cause else { return .turnedBack(cause: why) }
            return .ended(
                outcome: .stuck(cause: "\(why) on the way back, which was because \(cause)"))
        case nil: return isOver(limit) ? missed("entrust", limit, charge.progress) : nil
        }
    }

    private func missed(_ step: String, _ limit: Duration, _ last: String?) -> SiteEvent {
        let why = "'\(step)' was not done within \(limit.short)"
        guard let cause = rollout.cause else {
            return .turnedBack(cause: why + (last.map { "; \($0)" } ?? ""))
        }
        return .ended(outcome: .stuck(cause: "\(why) on the way back, which was because \(cause)"))
    }
}
