import Balancer
package import Deployment
package import Pipelines

/// One look after the other at all that is deployed on this machine.
package final class Patrol {
    private let target: any Target
    private let gatehouse: Gatehouse
    /// What could not be begun: its environment has to hear of it.
    private var failed: [EnvironmentName: [InstanceID: String]] = [:]

    /// What new versions do to those who ask.
    private var watches: [DoorPlan.Post: (release: ReleaseID, watch: TrafficWatch)] = [:]
    private var loads: [DoorPlan.Post: LoadWatch] = [:]
    private var board = FigureBoard()
    private let began = ContinuousClock.now
    /// Since when nobody is let in.
    private var closedSince: ContinuousClock.Instant?

    /// What HAProxy may take to come back before a deployment is turned back for it.
    private static let patience: Duration = .seconds(15)

    package struct Found {
        package fileprivate(set) var facts: [EnvironmentName: SiteFacts] = [:]
        package fileprivate(set) var figures:
            [EnvironmentName: [RoleName: [ReleaseID: TrafficFigures]]] = [:]
        package fileprivate(set) var trouble: String?
        /// Something is going on that nobody will tell of.
        package fileprivate(set) var isUnderWay = false
    }

    package init(_ target: any Target, _ gatehouse: Gatehouse) {
        self.target = target
        self.gatehouse = gatehouse
    }

    var descriptors: [Int32] { target.descriptors + gatehouse.descriptors }

    package func go(_ sites: [EnvironmentName: Site]) -> Found {
        let there = target.look()
        for name in Set(there.keys).union(sites.keys).sorted() {
            tend(name, sites[name], there[name] ?? [:])
        }
        var found = Found()
        for (name, site) in sites { found.facts[name] = facts(of: name, site, there[name] ?? [:]) }
        lead(sites, there, &found)
        return found
    }

    private func tend(_ name: EnvironmentName, _ site: Site?, _ there: [InstanceID: Sight]) {
        failed[name] = failed[name]?.filter { site?.instances[$0.key] != nil }
        let tending = Tending(site, there: there)
        for id in tending.stops { target.stop(id, in: name) }
        for id in tending.forgotten { target.letGo(of: id, in: name) }
        for instance in tending.launches where failed[name]?[instance.id] == nil {
            guard let release = site?.releases[instance.release] else { continue }
            do {
                try target.launch(instance, of: release, in: name)
            } catch {
                failed[name, default: [:]][instance.id] = "\(error)"
            }
        }
    }

    private func facts(
        of name: EnvironmentName, _ site: Site, _ there: [InstanceID: Sight]
    ) -> SiteFacts {
        var facts = SiteFacts()
        for id in site.instances.keys {
            if let sight = there[id] { facts.instances[id] = sight.condition }
            if let problem = failed[name]?[id] { facts.instances[id] = .gone(problem) }
        }
        return facts
    }

    /// Leads requests to who is to take them.
    private func lead(
        _ sites: [EnvironmentName: Site], _ there: [EnvironmentName: [InstanceID: Sight]],
        _ found: inout Found
    ) {
        let plan: DoorPlan
        do throws(BalancerProblem) {
            plan = try DoorPlan(sites, there)
        } catch {
            return close(sites, "\(error)", &found)
        }
        switch gatehouse.tend(plan) {
        case .closed(let words): close(sites, words, &found)
        case .standing(let standings):
            closedSince = nil
            for (name, site) in sites {
                for (role, traffic) in site.traffic {
                    let post = DoorPlan.Post(environment: name, role: role)
                    guard let standing = standings[post] else {
                        // There is no door any more, and nobody who should be led there.
                        if traffic.routing.lanes.isEmpty {
                            found.facts[name]?.routed[role] = traffic.serial
                        }
                        continue
                    }
                    note(standing, of: post, site, traffic, there[name] ?? [:], &found)
                    if let alarm = watch(standing, of: post, site) {
                        found.facts[name]?.alarms[alarm.of] = alarm.words
                    }
                    found.facts[name]?.needs[role] = need(standing, of: post, site)
                    board.note(standing.servers, of: post, site, at: .now - began)
                    found.figures[name, default: [:]][role] = board.figures(of: post)
                    if plan.lacking.contains(post) { found.facts[name]?.routed[role] = nil }
                }
            }
        }
    }

    private func note(
        _ standing: Balancer.Standing, of post: DoorPlan.Post, _ site: Site, _ traffic: Traffic,
        _ there: [InstanceID: Sight], _ found: inout Found
    ) {
        if standing.isObeyed {
            found.facts[post.environment]?.routed[post.role] = traffic.serial
        } else {
            found.isUnderWay = true
        }
        let idle = Set(standing.idle.map(\.description))
        for instance in site.instances.values
        where instance.role == post.role && instance.condition == .leaving {
            // Nobody ever came to one without a door.
            if idle.contains("\(instance.id)") || there[instance.id]?.door == nil {
                found.facts[post.environment]?.drained.insert(instance.id)
            }
            found.isUnderWay = true
        }
    }

    /// Whether the version that is being deployed does to people what it must not.
    private func watch(
        _ standing: Balancer.Standing, of post: DoorPlan.Post, _ site: Site
    ) -> (of: ReleaseID, words: String)? {
        guard site.wants(at: .zero).watchesAlarms, let release = site.rollout?.to,
            let rule = site.releases[release]?.role(post.role)?.work?.alarms
        else {
            watches[post] = nil
            return nil
        }
        let own = Set(site.instances(of: release, post.role).map { "\($0.id)" })
        let servers = standing.servers.filter { own.contains($0.id.name.description) }
        var watch = watches[post].flatMap { $0.release == release ? $0.watch : nil }
        watch = watch ?? TrafficWatch()
        watch?.note(.init(servers), at: .now - began)
        watches[post] = watch.map { (release, $0) }
        return watch?.alarm(rule).map { (release, "'\(post.role)' of \(release): \($0)") }
    }

    /// How many of a role are needed for what is asked of it.
    private func need(
        _ standing: Balancer.Standing, of post: DoorPlan.Post, _ site: Site
    ) -> SiteFacts.Need? {
        guard let spec = site.current.flatMap({ site.releases[$0]?.role(post.role) }),
            let rule = spec.scaling
        else {
            loads[post] = nil
            return nil
        }
        var watch = loads[post] ?? LoadWatch()
        let readings = standing.servers.map {
            ($0.id.name.description, LoadWatch.Reading($0))
        }
        watch.note(
            Dictionary(readings, uniquingKeysWith: { $1 }), count: site.count(of: spec),
            at: .now - began, rule: rule)
        loads[post] = watch
        return watch.need(rule).map { .init($0.count, because: $0.cause) }
    }

    private func close(
        _ sites: [EnvironmentName: Site], _ words: String, _ found: inout Found
    ) {
        let since = closedSince ?? .now
        closedSince = since
        found.trouble = words
        found.isUnderWay = true
        guard .now - since > Self.patience else { return }
        for (name, site) in sites where !site.doors.isEmpty {
            guard let release = site.rollout?.to else { continue }
            found.facts[name]?.alarms[release] = "no request can be let in: \(words)"
        }
    }
}
