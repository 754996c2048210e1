import Pipelines

extension Site {
    /// Takes in what has happened. Nothing is decided here.
    package mutating func apply(_ event: SiteEvent, at now: HouseTime) {
        switch event {
        case .ordered(let order):
            releases[order.release.id] = order.release
            queue.append(order)
            if order.person != nil { pins.remove(order.release.version) }
        case .pinned(let version): pins.insert(version)
        case .dropped(let release, _): queue.removeAll { $0.release.id == release }
        case .begun(let release): begin(release, at: now)
        case .stepBegun(let index): step(to: index, at: now)
        case .turnedBack(let cause): turnBack(cause, at: now)
        case .ended(let outcome): end(outcome, at: now)
        case .keptEnded: kept = nil
        case .routed(let role, let routing):
            traffic[role] = Traffic(
                routing: routing, serial: (traffic[role]?.serial ?? 0) + 1)
        case .routingHeld(let role, _):
            traffic[role]?.isHeld = true
            free(role, at: now)
        case .routingLost(let role): traffic[role]?.isHeld = false
        case .scaled(let role, let count, _): scaled = (scaled ?? [:]).merging([role: count]) { $1 }
        case .entrusted, .entrustedTold, .entrustedDone, .entrustedFailed:
            rollout?.charge?.apply(event)
        case .hookBegun: rollout?.hookIsRunning = true
        case .hookEnded(_, let problem): rollout?.hookEnd = .init(problem: problem)
        case .alarmRang(let cause): rollout?.alarm = cause
        case .approved, .promoted: rollout?.isAnswered = true
        case .paused(let person): rollout?.pausedBy = person
        case .resumed: rollout?.pausedBy = nil
        case .locked(let person, let reason):
            lock = Lock(person: person, reason: reason, since: now)
        case .unlocked: lock = nil
        case .frozen(let reason): hours = .frozen(reason, since: now)
        case .thawed:
            hours = .open
            letThrough = []
        case .letThrough(let release, _, _): letThrough.insert(release)
        default: applyInstance(event, at: now)
        }
    }

    /// Lets go of releases that are neither here nor on their way nor to be kept.
    package mutating func forget(keeping kept: Set<ReleaseID>) {
        var needed = kept.union(instances.values.map(\.release)).union(queue.map(\.release.id))
        needed.formUnion(
            [current, self.kept?.release, rollout?.to, rollout?.from].compactMap(\.self))
        releases = releases.filter { needed.contains($0.key) }
    }

    private mutating func applyInstance(_ event: SiteEvent, at now: HouseTime) {
        switch event {
        case .instanceOrdered(let id, let release, let role):
            instances[id] = Instance(id: id, release: release, role: role, since: now)
            nextInstance = max(nextInstance, id.number + 1)
        case .instanceStarted(let id): become(.starting, id, at: now)
        case .instanceAiling(let id, let cause):
            instances[id]?.ailment = cause
            instances[id]?.ailments += 1
        case .instanceHealthy(let id): become(.healthy, id, at: now)
        case .instanceUnhealthy(let id, let cause):
            fail(id, cause, at: now)
            become(.unhealthy, id, at: now)
        case .instanceLeaving(let id):
            become(.leaving, id, at: now)
            if let role = instances[id]?.role { free(role, at: now) }
        case .instanceDrained(let id): instances[id]?.isDrained = true
        case .instanceStopping(let id): become(.stopping, id, at: now)
        case .instanceGone(let id, let cause):
            if let cause, instances[id]?.isComing == true { fail(id, cause, at: now) }
            instances[id] = nil
        default: break
        }
    }

    private mutating func become(
        _ condition: Instance.Condition, _ id: InstanceID, at now: HouseTime
    ) {
        instances[id]?.condition = condition
        instances[id]?.since = now
    }

    /// Who leaves gets nothing new from when the balancer is known to have turned to others.
    private mutating func free(_ role: RoleName, at now: HouseTime) {
        guard isHeld(role) else { return }
        let carriers = routing(of: role).instances
        for (id, instance) in instances
        where instance.role == role && instance.condition == .leaving && instance.freeSince == nil
            && !carriers.contains(id)
        {
            instances[id]?.freeSince = now
        }
    }

    /// One that has been well for long begins anew to count.
    private static let wellFor: Duration = .seconds(300)

    private mutating func fail(_ id: InstanceID, _ cause: String, at now: HouseTime) {
        guard let instance = instances[id] else { return }
        let post = Post(release: instance.release, role: instance.role)
        var setback = setbacks[post] ?? Setback(count: 0, until: now)
        if instance.isHealthy, now - instance.since >= Self.wellFor { setback.count = 0 }
        setback.add(id, cause, at: now)
        setbacks[post] = setback
        guard rollout?.to == instance.release, rollout?.isGoingBack == false else { return }
        rollout?.failures += 1
        if instance.isHealthy { rollout?.relapses += 1 }
        rollout?.lastFailure = "\(id) \(cause)"
    }

    private mutating func begin(_ release: ReleaseID, at now: HouseTime) {
        guard let index = queue.firstIndex(where: { $0.release.id == release }) else { return }
        let order = queue.remove(at: index)
        setbacks = [:]
        rollout = Rollout(
            order: order, from: current,
            plan: Plan(order, from: current.flatMap { releases[$0] }), since: now)
        // What was kept for another way back is kept no longer, unless this is that way.
        if kept?.release != release { kept = nil }
        charge()
    }

    private mutating func step(to index: Int, at now: HouseTime) {
        rollout?.index = index
        rollout?.since = now
        rollout?.isAnswered = false
        rollout?.hookIsRunning = false
        rollout?.hookEnd = nil
        charge()
    }

    private mutating func charge() {
        guard let rollout, case .entrust = rollout.step else { return }
        charges += 1
        self.rollout?.charge = rollout.charge(numbered: charges)
    }

    private mutating func turnBack(_ cause: String, at now: HouseTime) {
        guard let rollout else { return }
        self.rollout?.cause = cause
        self.rollout?.pausedBy = nil
        self.rollout?.plan = .back(rollout.order, to: rollout.from.flatMap { releases[$0] })
        step(to: 0, at: now)
    }

    private mutating func end(_ outcome: SiteOutcome, at now: HouseTime) {
        guard let rollout else { return }
        last = outcome
        self.rollout = nil
        kept = nil
        guard outcome == .succeeded else { return }
        current = rollout.to
        if let from = rollout.from, rollout.plan.keep > .zero {
            kept = Kept(release: from, until: now + rollout.plan.keep)
        }
    }
}
