import Pipelines

/// The difference between what there should be and what there is, as the next thing to do about it.
/// Nothing here knows a strategy: it keeps what must hold whatever the aim.
struct Reconciling {
    let site: Site
    let aim: Aim
    let now: HouseTime

    init(_ site: Site, at now: HouseTime) {
        self.site = site
        aim = site.aim
        self.now = now
    }

    /// Nothing if there is nothing to do until something happens.
    var next: SiteEvent? {
        for role in site.roleNames {
            if let event = overdue(role) ?? routing(role) ?? launch(role) ?? leave(role) {
                return event
            }
        }
        return nil
    }

    /// Whether all is there, and nothing else, and the target sends traffic so.
    var isReached: Bool {
        site.roleNames.allSatisfy { role in
            let wanted = traffic(of: role)
            guard site.routing(of: role) == wanted, site.isHeld(role) else { return false }
            let isComplete = releases(with: role).allSatisfy { release in
                let instances = site.instances(of: release, role)
                let want = wantedCount(release, role)
                if aim.spared.contains(release) { return true }
                return want == 0 ? instances.isEmpty : instances.count(where: \.isHealthy) >= want
            }
            return isComplete && isSplit(wanted)
        }
    }

    /// Whether who should get a part of the traffic gets it.
    private func isSplit(_ routing: Routing) -> Bool {
        guard case .shares(let share, let release, _) = aim.split, !routing.lanes.isEmpty else {
            return true
        }
        return routing.percent(of: release) == share
    }

    // MARK: - How many

    private func wantedCount(_ release: ReleaseID, _ role: RoleName) -> Int {
        guard let spec = site.releases[release]?.role(role) else { return 0 }
        let isWanted =
            spec.takesTraffic ? aim.complete.contains(release) : aim.workers == release
        return isWanted ? site.count(of: spec) : 0
    }

    private func releases(with role: RoleName) -> [ReleaseID] {
        let present = Set(site.instances.values.filter { $0.role == role }.map(\.release))
        return present.union(aim.complete).filter { site.releases[$0]?.role(role) != nil }.sorted()
    }

    private func spec(_ role: RoleName) -> Role? {
        aim.goal.flatMap { site.releases[$0]?.role(role) }
    }

    /// How many of a role have to serve whatever is exchanged; none where the role goes.
    private func least(_ role: RoleName) -> Int {
        spec(role).map { aim.pace.least(of: site.count(of: $0)) } ?? 0
    }

    // MARK: - Traffic

    private func traffic(of role: RoleName) -> Routing {
        guard takesTraffic(role) else { return .none }
        func healthy(_ release: ReleaseID) -> [InstanceID] {
            site.instances(of: release, role).filter(\.isHealthy).map(\.id)
        }
        switch aim.split {
        case .byCount:
            return Routing(
                releases(with: role).map { release in
                    let instances = healthy(release)
                    return (release, instances.count, instances)
                })
        case .shares(let share, let release, let rest):
            var parts = [(release: release, part: share, instances: healthy(release))]
            if let rest { parts.append((rest, 100 - share, healthy(rest))) }
            let routing = Routing(parts)
            return routing.lanes.isEmpty && share > 0 ? refuge(role, healthy) : routing
        }
    }

    /// Where traffic goes when nobody is there who should take it: to the version that was good
    /// before, or else to who has it now. One that has never had any is not tried out on people.
    private func refuge(
        _ role: RoleName, _ healthy: (ReleaseID) -> [InstanceID]
    ) -> Routing {
        let lanes = site.routing(of: role).lanes.map(\.release)
        let candidates = [site.current].compactMap(\.self) + lanes
        for release in candidates where !healthy(release).isEmpty {
            return Routing([(release, 100, healthy(release))])
        }
        return .none
    }

    private func takesTraffic(_ role: RoleName) -> Bool {
        releases(with: role).contains { site.releases[$0]?.role(role)?.takesTraffic == true }
    }

    private func routing(_ role: RoleName) -> SiteEvent? {
        let wanted = traffic(of: role)
        return site.routing(of: role) == wanted ? nil : .routed(role: role, routing: wanted)
    }

    // MARK: - Instances

    private func overdue(_ role: RoleName) -> SiteEvent? {
        for instance in site.instances.values.filter({ $0.role == role }).sorted(by: byID) {
            guard let spec = site.releases[instance.release]?.role(role) else { continue }
            switch instance.condition {
            case .ordered, .starting:
                guard instance.since + spec.patience <= now else { continue }
                return .instanceUnhealthy(
                    instance: instance.id,
                    cause: "was not healthy within \(spec.patience.short)"
                        + (instance.ailment.map { ": \($0)" } ?? ""))
            case .leaving:
                guard isIdle(instance, spec) else { continue }
                return .instanceStopping(instance: instance.id)
            case .healthy, .unhealthy, .stopping: continue
            }
        }
        return nil
    }

    /// One without traffic is told at once: to finish what it has begun is its own business then.
    private func isIdle(_ instance: Instance, _ spec: Role) -> Bool {
        guard spec.takesTraffic else { return true }
        guard let free = instance.freeSince else { return false }
        return instance.isDrained || free + spec.drain <= now
    }

    private func launch(_ role: RoleName) -> SiteEvent? {
        let all = site.instances.values.count { $0.role == role && $0.condition != .stopping }
        for release in releases(with: role) where !aim.spared.contains(release) {
            let want = wantedCount(release, role)
            let own = site.instances(of: release, role)
            // Beside one another each release has its own room; otherwise they share it.
            let crowd = aim.pace == .beside ? own.count { $0.condition != .stopping } : all
            guard own.count(where: \.isComing) < want, crowd < aim.pace.most(of: want),
                !isPausing(release, role)
            else { continue }
            return .instanceOrdered(
                instance: InstanceID(site.nextInstance), release: release, role: role)
        }
        return nil
    }

    private func isPausing(_ release: ReleaseID, _ role: RoleName) -> Bool {
        site.setbacks[.init(release: release, role: role)].map { $0.until > now } ?? false
    }

    private func leave(_ role: RoleName) -> SiteEvent? {
        for release in releases(with: role) where !aim.spared.contains(release) {
            let want = wantedCount(release, role)
            let instances = site.instances(of: release, role)
            let healthy = instances.count(where: \.isHealthy)
            // One that fails stays until another has taken its place, or cannot in its time.
            let patience = site.releases[release]?.role(role)?.patience ?? .zero
            if let ill = instances.first(where: { instance in
                instance.condition == .unhealthy
                    && (healthy >= want || instance.since + patience <= now)
            }) {
                return .instanceLeaving(instance: ill.id)
            }
            guard instances.count(where: \.isComing) > want else { continue }
            // The last to come are the first to go, and before them who serves nobody yet.
            let candidates = instances.filter(\.isComing).sorted { left, right in
                (left.isHealthy ? 1 : 0, -left.id.number)
                    < (right.isHealthy ? 1 : 0, -right.id.number)
            }
            if let victim = candidates.first(where: { mayLeave($0, role) }) {
                return .instanceLeaving(instance: victim.id)
            }
        }
        return nil
    }

    /// Whether enough are left that are known to have the traffic, and are well.
    private func mayLeave(_ instance: Instance, _ role: RoleName) -> Bool {
        guard instance.isHealthy else { return true }
        guard takesTraffic(role) else {
            let healthy = site.instances.values.count {
                $0.role == role && $0.isHealthy && $0.id != instance.id
            }
            return healthy >= least(role)
        }
        let carriers = site.routing(of: role).instances
        if isRefuge(instance, carriers) { return false }
        return site.isHeld(role) && carriers.count { $0 != instance.id } >= least(role)
    }

    /// Whether it stands in for who should have the traffic: then it stays, though it is to go.
    private func isRefuge(_ instance: Instance, _ carriers: [InstanceID]) -> Bool {
        guard case .shares = aim.split else { return false }
        return wantedCount(instance.release, instance.role) == 0 && carriers.contains(instance.id)
    }
}

private func byID(_ left: Instance, _ right: Instance) -> Bool { left.id < right.id }
