package import Pipelines

/// One way in which what runs is not what should run.
package struct Drift: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case missing, ill, surplus, traffic
    }

    package let kind: Kind
    package let role: RoleName
    /// For people.
    package let sentence: String
}

extension Site {
    /// The difference between what there should be at rest and what there is. While something is
    /// being deployed there is always one, and it is meant; then only who is ill is told.
    package var drift: [Drift] {
        roleNames.flatMap { role in
            rollout == nil
                ? lacking(role) + ill(role) + surplus(role) + misled(role) : ill(role)
        }
    }

    /// How the last instance of a role failed, as long as that counts.
    package func lastFailure(of release: ReleaseID, _ role: RoleName) -> Setback.Failure? {
        setbacks[Post(release: release, role: role)]?.last
    }

    /// How many of a role there have to be when nothing is under way.
    private func wanted(_ release: ReleaseID, _ role: RoleName) -> Int {
        guard let spec = releases[release]?.role(role) else { return 0 }
        if release == current { return count(of: spec) }
        return release == kept?.release && spec.takesTraffic ? count(of: spec) : 0
    }

    private func lacking(_ role: RoleName) -> [Drift] {
        [current, kept?.release].compactMap(\.self).compactMap { release in
            let want = wanted(release, role)
            let all = instances(of: release, role)
            let there = all.count { $0.isHealthy || $0.condition == .unhealthy }
            guard there < want else { return nil }
            let coming = all.filter { $0.isComing && !$0.isHealthy }.map { "\($0.id)" }
            let next = coming.isEmpty ? "" : "; \(coming.joined(separator: ", ")) on the way"
            let failure = lastFailure(of: release, role)
            let last = failure.map { "; \($0.instance) \($0.cause)" } ?? ""
            return Drift(
                kind: .missing, role: role,
                sentence: "\(want - there) of \(want) of \(release) missing\(next)\(last)")
        }
    }

    private func ill(_ role: RoleName) -> [Drift] {
        instances.values.filter { $0.role == role && $0.condition == .unhealthy }
            .sorted { $0.id < $1.id }.map { instance in
                Drift(
                    kind: .ill, role: role, sentence: "\(instance.id) of \(instance.release) is ill"
                )
            }
    }

    private func surplus(_ role: RoleName) -> [Drift] {
        let present = Set(instances.values.filter { $0.role == role }.map(\.release))
        return present.sorted().compactMap { release in
            let surplus = instances(of: release, role).count - wanted(release, role)
            guard surplus > 0 else { return nil }
            return Drift(kind: .surplus, role: role, sentence: "\(surplus) of \(release) too many")
        }
    }

    private func misled(_ role: RoleName) -> [Drift] {
        guard let current, releases[current]?.role(role)?.takesTraffic == true else { return [] }
        func drift(_ sentence: String) -> [Drift] {
            [Drift(kind: .traffic, role: role, sentence: sentence)]
        }
        let routing = routing(of: role)
        if routing.lanes.isEmpty { return drift("nobody answers requests") }
        let others = routing.lanes.filter { $0.release != current }.map { "\($0.release)" }
        if !others.isEmpty {
            return drift("requests go to \(others.joined(separator: ", ")) and not to \(current)")
        }
        return isHeld(role) ? [] : drift("the balancer has not confirmed who takes requests")
    }
}
