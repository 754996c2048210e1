package import Pipelines

/// What should be under way for an environment, outside. Whoever does it compares this with what
/// there is, and does the difference: so a crash needs nothing of its own.
package struct SiteWants: Hashable, Sendable {
    /// To be started, and not to be started twice.
    package internal(set) var launches: [Instance] = []
    /// To be there; what else there is belongs to nobody, and is ended.
    package internal(set) var instances: Set<InstanceID> = []
    package internal(set) var stops: [InstanceID] = []
    /// To be done by the balancer, where it does not.
    package internal(set) var traffic: [RoleName: Traffic] = [:]
    package internal(set) var hook: Hook?
    /// To be brought about by another party.
    package internal(set) var charge: Charge?
    /// Whether alarms are looked at.
    package internal(set) var watchesAlarms = false
    /// When to look again, though nothing happens.
    package internal(set) var wakes: HouseTime?
}

extension Site {
    package func wants(at now: HouseTime) -> SiteWants {
        var wants = SiteWants()
        for instance in instances.values.sorted(by: { $0.id < $1.id }) {
            wants.instances.insert(instance.id)
            switch instance.condition {
            case .ordered: wants.launches.append(instance)
            case .stopping: wants.stops.append(instance.id)
            case .starting, .healthy, .unhealthy, .leaving: break
            }
        }
        wants.traffic = traffic.filter { !$0.value.isHeld }
        if let rollout, case .run(let hook) = rollout.step, rollout.hookEnd == nil {
            wants.hook = hook
        }
        if let charge = rollout?.charge, charge.end == nil { wants.charge = charge }
        wants.watchesAlarms =
            rollout.map { rollout in
                !rollout.isGoingBack
                    && traffic.values.contains { $0.routing.percent(of: rollout.to) > 0 }
            } ?? false
        wants.wakes = times.filter { $0 > now }.min()
        return wants
    }

    /// When something ends by itself.
    private var times: [HouseTime] {
        var times = instances.values.flatMap { instance -> [HouseTime] in
            guard let role = releases[instance.release]?.role(instance.role) else { return [] }
            switch instance.condition {
            case .ordered, .starting, .unhealthy: return [instance.since + role.patience]
            case .leaving: return instance.freeSince.map { [$0 + role.drain] } ?? []
            case .healthy, .stopping: return []
            }
        }
        times += setbacks.values.map(\.until)
        if let kept { times.append(kept.until) }
        switch rollout?.step {
        case .reach(_, _, let limit)?, .entrust(let limit)?, .ask(let limit)?, .hold(let limit)?:
            if let rollout { times.append(rollout.since + limit) }
        case .run?, nil: break
        }
        return times
    }
}
