import Deployment
import Pipelines
import Simulation

/// Stands in for processes, containers and a balancer: what it is told takes effect late, what it
/// tells comes late, twice or not at all, and its instances live and die as their version does.
struct SimulatedTarget {
    enum Health { case healthy, ill, dead }

    struct Copy {
        let release: ReleaseID
        let role: RoleName
        /// How long it may go on with what it has.
        let drain: Int64
        var health: Health?
        var isStopping = false
        /// When it lost its part of the traffic, and when it has nothing left to do.
        var leftAt: Int64?
        var busyUntil: Int64 = 0

        /// Whether requests are lost if it is stopped then, though it was not too slow with them.
        func loses(at now: Int64) -> Bool {
            leftAt.map { now < busyUntil && now < $0 + drain } ?? false
        }
    }

    private(set) var copies: [InstanceID: Copy] = [:]
    private(set) var traffic: [RoleName: Traffic] = [:]
    /// Which decision on a role's traffic it has heard of last.
    private var told: [RoleName: Int] = [:]
    private var random: Randomness
    private var due: [(time: Int64, sequence: Int, happening: Happening)] = []
    private var sequence = 0
    /// What a rule was broken by, if one was.
    private(set) var broken: String?

    private enum Happening {
        case turns(InstanceID, Health)
        case gone(InstanceID, String)
        case route(RoleName, Traffic)
        case tell(SiteSighting)
    }

    init(seed: UInt64) { random = Randomness(seed: seed) }

    var next: Int64? { due.map(\.time).min() }

    private mutating func plan(_ happening: Happening, at time: Int64) {
        sequence += 1
        due.append((time, sequence, happening))
    }

    // MARK: - What it is told

    mutating func launch(
        _ instance: Instance, of role: Role, as behaviour: Behaviour, at now: Int64
    ) {
        guard copies[instance.id] == nil else { return }
        let patience = role.patience.milliseconds
        copies[instance.id] = Copy(
            release: instance.release, role: instance.role, drain: Int64(role.drain.milliseconds))
        tell(.started(instance.id), at: now)
        for (time, health) in behaviour.life(&random, patience: patience) {
            plan(.turns(instance.id, health), at: now + Int64(time))
        }
    }

    mutating func stop(_ id: InstanceID, at now: Int64) {
        guard copies[id]?.isStopping != true else { return }
        if traffic.values.contains(where: { $0.routing.instances.contains(id) }) {
            broken = "\(id) was stopped while it had traffic"
        }
        if copies[id]?.loses(at: now) == true { broken = "\(id) was stopped while it had requests" }
        guard copies[id] != nil else { return tell(.gone(id, "it was not there"), at: now) }
        copies[id]?.isStopping = true
        plan(.gone(id, "it was stopped"), at: now + Int64(random.number(in: 1...3_000)))
    }

    /// Says whether it takes long, as one that is busy may; to be told again makes it no quicker.
    mutating func route(_ role: RoleName, _ wanted: Traffic, at now: Int64) -> Bool {
        guard told[role] != wanted.serial else { return false }
        told[role] = wanted.serial
        let isSlow = random.chance(1, in: 40)
        plan(.route(role, wanted), at: now + Int64(random.number(in: 0...(isSlow ? 40_000 : 300))))
        return isSlow
    }

    // MARK: - What happens in it

    /// Nobody told it to, and it is gone all the same.
    mutating func kill(_ id: InstanceID, at now: Int64) {
        guard copies.removeValue(forKey: id) != nil else { return }
        tell(.gone(id, "was killed"), at: now)
    }

    /// Gives what it tells by then.
    mutating func pass(to now: Int64) -> [SiteSighting] {
        var told: [SiteSighting] = []
        while let index = due.indices.min(by: { order(due[$0], due[$1]) }), due[index].time <= now {
            let (time, _, happening) = due.remove(at: index)
            switch happening {
            case .tell(let sighting): told.append(sighting)
            case .route(let role, let wanted):
                // What was told later counts, in whatever order it arrives.
                guard wanted.serial >= traffic[role]?.serial ?? 0 else { continue }
                let before = traffic[role]?.routing.instances ?? []
                traffic[role] = wanted
                tell(.routed(role, wanted.serial), at: time)
                part(Set(before), from: Set(wanted.routing.instances), at: time)
            case .turns(let id, let health): turn(id, to: health, at: time)
            case .gone(let id, let cause):
                if copies.removeValue(forKey: id) != nil { tell(.gone(id, cause), at: time) }
            }
        }
        return told
    }

    /// Who has no traffic any more has nothing to do a little later, or never comes to an end.
    private mutating func part(
        _ before: Set<InstanceID>, from wanted: Set<InstanceID>, at now: Int64
    ) {
        for id in wanted { copies[id]?.leftAt = nil }
        for id in before.subtracting(wanted).sorted() where copies[id] != nil {
            let end = random.chance(2, in: 3) ? now + Int64(random.number(in: 0...5_000)) : .max
            copies[id]?.leftAt = now
            copies[id]?.busyUntil = end
            if end < .max { tell(.drained(id), at: end) }
        }
    }

    private mutating func turn(_ id: InstanceID, to health: Health, at now: Int64) {
        guard copies[id] != nil else { return }
        copies[id]?.health = health
        switch health {
        case .healthy: tell(.healthy(id), at: now)
        case .ill: tell(.unhealthy(id, "answered 500"), at: now)
        case .dead:
            copies[id] = nil
            tell(.gone(id, "exited with code 1"), at: now)
        }
    }

    private mutating func tell(_ sighting: SiteSighting, at now: Int64) {
        let delay =
            random.chance(1, in: 8) ? random.number(in: 0...2_000) : random.number(in: 0...50)
        if !random.chance(1, in: 20) { plan(.tell(sighting), at: now + Int64(delay)) }
        if random.chance(1, in: 10) { plan(.tell(sighting), at: now + Int64(2 * delay + 7)) }
    }

    /// What it would say, if it were asked, of who is not what the house takes it for: so what got
    /// lost comes after all.
    mutating func differences(from site: Site, at now: Int64) -> [SiteSighting] {
        var all: [SiteSighting] = []
        for (id, instance) in site.instances.sorted(by: { $0.key < $1.key }) {
            switch (copies[id]?.health, instance.condition) {
            case (.healthy, .ordered), (.healthy, .starting), (.healthy, .unhealthy):
                all.append(.healthy(id))
            case (.ill, .ordered), (.ill, .starting), (.ill, .healthy):
                all.append(.unhealthy(id, "answered 500"))
            case (nil, .ordered) where copies[id] != nil: all.append(.started(id))
            case (nil, .ordered): break
            case (_, .leaving) where copies[id].map { $0.busyUntil <= now } ?? false:
                // One with traffic may have nothing to do for a moment, too.
                let isRouted = traffic[instance.role]?.routing.instances.contains(id) == true
                if !instance.isDrained, !isRouted || random.chance(1, in: 4) {
                    all.append(.drained(id))
                }
            default: if copies[id] == nil { all.append(.gone(id, "is not there")) }
            }
        }
        for (role, decided) in site.traffic.sorted(by: { $0.key < $1.key }) {
            let serial = traffic[role]?.serial ?? 0
            if !decided.isHeld || serial != decided.serial { all.append(.routed(role, serial)) }
        }
        return all
    }

    private func order(
        _ left: (time: Int64, sequence: Int, happening: Happening),
        _ right: (time: Int64, sequence: Int, happening: Happening)
    ) -> Bool { (left.time, left.sequence) < (right.time, right.sequence) }
}
