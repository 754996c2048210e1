import Pipelines

extension Site {
    /// How many instances of a role there are to be now, in each release that is whole.
    package func count(of role: Role) -> Int {
        guard let rule = role.scaling else { return role.count }
        return rule.count(nearest: scaled?[role.name] ?? role.count)
    }

    /// While a deployment waits for people or for time there may come more; while it is on its way
    /// to an aim, that stands still. Until it is over nobody goes for want of work.
    func scaling(_ role: RoleName, to count: Int, _ cause: String) -> SiteEvent? {
        let roles = [current, rollout?.to].compactMap { $0.flatMap { releases[$0]?.role(role) } }
        guard let spec = roles.last, let rule = spec.scaling else { return nil }
        let (now, wanted) = (self.count(of: spec), rule.count(nearest: count))
        guard wanted > now && isWaiting || wanted < now && rollout == nil else { return nil }
        return .scaled(role: role, count: wanted, cause: cause)
    }
}

extension Site {
    private var isWaiting: Bool {
        switch rollout?.step {
        case .ask, .hold, .run, nil: true
        case .reach, .entrust: false
        }
    }
}

extension Role {
    /// How many there can ever be.
    var most: Int { max(count, scaling?.most ?? 0) }
}
