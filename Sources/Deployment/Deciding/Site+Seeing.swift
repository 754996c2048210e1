import Pipelines

extension Site {
    /// One whose words change all the time is heard so often.
    private static let mostAilments = 5

    /// What a sighting says that was not known; nothing if it comes late, or twice, or is of who is
    /// long gone.
    func lesson(of sighting: SiteSighting) -> SiteEvent? {
        switch sighting {
        case .started(let id):
            return condition(id) == .ordered ? .instanceStarted(instance: id) : nil
        case .ailing(let id, let cause):
            guard let instance = instances[id], [.ordered, .starting].contains(instance.condition),
                instance.ailment != cause, instance.ailments < Self.mostAilments
            else { return nil }
            return .instanceAiling(instance: id, cause: cause)
        case .healthy(let id):
            let isNews = [.ordered, .starting, .unhealthy].contains(condition(id))
            return isNews ? .instanceHealthy(instance: id) : nil
        case .unhealthy(let id, let cause):
            let isNews = [.ordered, .starting, .healthy].contains(condition(id))
            return isNews ? .instanceUnhealthy(instance: id, cause: cause) : nil
        case .drained(let id):
            // Until it is known to get nothing new, more may be on its way.
            guard let instance = instances[id], instance.freeSince != nil, !instance.isDrained
            else { return nil }
            return .instanceDrained(instance: id)
        case .gone(let id, let cause):
            guard let condition = condition(id) else { return nil }
            return .instanceGone(instance: id, cause: condition == .stopping ? nil : cause)
        case .routed(let role, let serial):
            guard let traffic = traffic[role] else { return nil }
            if traffic.serial == serial {
                return traffic.isHeld ? nil : .routingHeld(role: role, serial: serial)
            }
            return traffic.isHeld ? .routingLost(role: role) : nil
        case .needed(let role, let count, let cause): return scaling(role, to: count, cause)
        case .charge(let report): return rollout?.charge?.lesson(of: report)
        case .hookBegun, .hookEnded, .alarm: return rollout.flatMap { lesson(of: sighting, in: $0) }
        }
    }

    private func lesson(of sighting: SiteSighting, in rollout: Rollout) -> SiteEvent? {
        switch sighting {
        case .hookBegun(let hook):
            let isNews = rollout.step == .run(hook) && !rollout.hookIsRunning
            return isNews ? .hookBegun(hook: hook) : nil
        case .hookEnded(let hook, let problem):
            let isNews = rollout.step == .run(hook) && rollout.hookEnd == nil
            return isNews ? .hookEnded(hook: hook, problem: problem) : nil
        case .alarm(let cause):
            let isNews = !rollout.isGoingBack && rollout.alarm == nil
            return isNews ? .alarmRang(cause: cause) : nil
        default: return nil
        }
    }

    private func condition(_ id: InstanceID) -> Instance.Condition? { instances[id]?.condition }
}
