package import Pipelines

/// All that was seen of an environment at one moment.
package struct SiteFacts: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        /// And perhaps why it is not healthy yet.
        case starting(String?)
        case healthy
        case unhealthy(String)
        case gone(String)
    }

    /// Those that there are, and those that ended and were wanted.
    package var instances: [InstanceID: Condition] = [:]
    /// Which decision on its traffic is done, for each role.
    package var routed: [RoleName: Int] = [:]
    /// Those that have nothing left to do.
    package var drained: Set<InstanceID> = []
    /// What releases do that they must not.
    package var alarms: [ReleaseID: String] = [:]

    /// How many of a role are needed, where that is not how many there are.
    package var needs: [RoleName: Need] = [:]

    package struct Need: Hashable, Sendable {
        package let count: Int
        /// For people.
        package let cause: String

        package init(_ count: Int, because cause: String) {
            self.count = count
            self.cause = cause
        }
    }
    /// What another party says of what it was charged with.
    package var charge: ChargeReport?

    package init() {}
}

extension Site {
    /// What there is to learn of facts.
    package func news(of facts: SiteFacts) -> [SiteSighting] {
        var sightings: [SiteSighting] = []
        for (id, instance) in instances.sorted(by: { $0.key < $1.key }) {
            sightings += seen(instance, as: facts.instances[id])
            if facts.drained.contains(id) { sightings.append(.drained(id)) }
        }
        for role in traffic.keys.sorted() {
            sightings.append(.routed(role, facts.routed[role] ?? 0))
        }
        for (role, need) in facts.needs.sorted(by: { $0.key < $1.key }) {
            sightings.append(.needed(role, need.count, need.cause))
        }
        // What was said of another has nothing to say of the one that comes after it.
        if let cause = rollout.flatMap({ facts.alarms[$0.to] }) { sightings.append(.alarm(cause)) }
        if let report = facts.charge { sightings.append(.charge(report)) }
        return sightings.filter { lesson(of: $0) != nil }
    }

    private func seen(
        _ instance: Instance, as seen: SiteFacts.Condition?
    ) -> [SiteSighting] {
        switch seen {
        case .starting(let trouble):
            [.started(instance.id)] + (trouble.map { [.ailing(instance.id, $0)] } ?? [])
        case .healthy: [.healthy(instance.id)]
        case .unhealthy(let cause): [.unhealthy(instance.id, cause)]
        case .gone(let cause): [.gone(instance.id, cause)]
        case nil where instance.condition == .ordered: []
        case nil: [.gone(instance.id, "its target no longer knows of it")]
        }
    }
}
