import Deployment
import Pipelines

/// What must hold of an environment after every event, reckoned without asking the code that
/// decides.
struct RolloutRules {
    let before: Site
    let event: SiteEvent
    let after: Site

    /// What is broken, if anything is.
    var broken: String? {
        for (role, traffic) in after.traffic {
            if let problem = share(traffic.routing) { return "\(role): \(problem)" }
        }
        return untried ?? capacity ?? wayBack ?? sole
    }

    /// What must hold when everything follows that follows.
    static func unsettled(_ site: Site) -> String? {
        for (role, traffic) in site.traffic {
            if let problem = health(traffic.routing, site) { return "\(role): \(problem)" }
        }
        return darkness(site)
    }

    private func share(_ routing: Routing) -> String? {
        guard !routing.lanes.isEmpty else { return nil }
        let sum = routing.lanes.reduce(0) { $0 + $1.percent }
        if sum != 100 { return "the parts are \(sum) hundredths" }
        let empty = routing.lanes.first { $0.instances.isEmpty || $0.percent <= 0 }
        return empty.map { "\($0.release) has a lane and nobody in it" }
    }

    private static func health(_ routing: Routing, _ site: Site) -> String? {
        for id in routing.instances {
            guard let instance = site.instances[id] else { return "\(id) is gone and has traffic" }
            if instance.condition != .healthy {
                return "\(id) is \(instance.condition) and has traffic"
            }
        }
        return nil
    }

    /// No version has traffic before its turn.
    private var untried: String? {
        guard let rollout = after.rollout, !rollout.isGoingBack else { return nil }
        let isItsTurn = rollout.plan.steps.prefix(rollout.index + 1).contains { step in
            if case .reach(_, let passing, _) = step { passing != .launch } else { false }
        }
        let share = after.traffic.values.map { $0.routing.percent(of: rollout.to) }.max() ?? 0
        return isItsTurn || share == 0 ? nil : "\(rollout.to) has traffic before its turn"
    }

    /// While the version that was good is healthy, somebody answers.
    private static func darkness(_ site: Site) -> String? {
        guard let current = site.current, let release = site.releases[current] else { return nil }
        for role in release.roles where role.takesTraffic {
            let isThere = site.instances(of: current, role.name).contains {
                $0.condition == .healthy
            }
            if isThere, site.routing(of: role.name).lanes.isEmpty {
                return "nobody has the traffic, and \(current) is healthy"
            }
        }
        return nil
    }

    /// Nobody healthy is taken away below the least that must serve.
    private var capacity: String? {
        guard let instance = leaver else { return nil }
        let carriers = before.routing(of: instance.role).instances
        guard carriers.contains(instance.id) else { return nil }
        let serving = carriers.count - 1
        let least = least(of: instance.role)
        return serving < least ? "\(instance.id) left, and \(serving) of \(least) serve" : nil
    }

    /// Who answered requests, and is told to leave.
    private var leaver: Instance? {
        guard case .instanceLeaving(let id) = event, let instance = before.instances[id],
            instance.condition == .healthy,
            before.releases[instance.release]?.roles.contains(where: {
                $0.name == instance.role && $0.takesTraffic
            }) == true
        else { return nil }
        return instance
    }

    /// How many there are to be, as it was said last.
    static func count(_ release: ReleaseID?, _ role: RoleName, _ site: Site) -> Int {
        let spec = release.flatMap { site.releases[$0] }?.roles.first { $0.name == role }
        guard let spec else { return 0 }
        guard let rule = spec.scaling else { return spec.count }
        return max(rule.least, min(rule.most, site.scaled?[role] ?? rule.least))
    }

    /// What has to serve: all of the version that has most of the traffic, or, while instances are
    /// exchanged, the part of the coming one that was asked for.
    private func least(of role: RoleName) -> Int {
        func count(_ release: ReleaseID?) -> Int { Self.count(release, role, before) }
        guard let rollout = before.rollout else { return count(before.current) }
        let goal = rollout.isGoingBack ? rollout.from : rollout.to
        if case .rolling(_, let minimum, _) = rollout.order.strategy, rollout.from != nil {
            return (count(goal) * (minimum ?? 100) + 99) / 100
        }
        let lanes = before.routing(of: role).lanes
        let first = lanes.max { $0.percent < $1.percent }?.release
        // On the way back the first of all versions has nobody to leave the traffic to.
        return goal == nil ? 0 : count(first)
    }

    /// The old version stays whole until the last step, unless it is exchanged bit by bit.
    private var wayBack: String? {
        guard let rollout = after.rollout, !rollout.isGoingBack, let from = rollout.from else {
            return nil
        }
        if case .rolling = rollout.order.strategy { return nil }
        if case .reach(_, .retire, _)? = rollout.step { return nil }
        guard let instance = leaver, instance.release == from else { return nil }
        // More than a version wants may be left of an earlier deployment.
        let rest = after.instances(of: from, instance.role).count { $0.condition == .healthy }
        let count = Self.count(from, instance.role, after)
        return rest < count
            ? "\(instance.id) of \(from) left while \(rollout.to) was not proven" : nil
    }

    /// After an end that was wanted one version has everything.
    private var sole: String? {
        guard case .ended(let outcome) = event, let current = after.current else { return nil }
        if case .stuck = outcome { return nil }
        for (role, traffic) in after.traffic where !traffic.routing.lanes.isEmpty {
            let share = traffic.routing.percent(of: current)
            if share != 100 { return "it ended, and \(current) has \(share) of \(role)'s traffic" }
        }
        return nil
    }
}
