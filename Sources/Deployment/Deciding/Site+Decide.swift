import Pipelines

extension Site {
    /// Decides one command, and takes in all that follows from it. On a refusal nothing has
    /// changed.
    package mutating func decide(
        _ command: SiteCommand, at now: HouseTime
    ) throws(SiteRefusal) -> [SiteEvent] {
        var decision = SiteDecision(site: self, now: now)
        try decision.handle(command)
        decision.settle()
        self = decision.site
        return decision.events
    }
}

/// One command being decided: the environment as it is by now, and the events so far.
private struct SiteDecision {
    var site: Site
    let now: HouseTime
    var events: [SiteEvent] = []

    init(site: Site, now: HouseTime) {
        self.site = site
        self.now = now
    }

    mutating func emit(_ event: SiteEvent) {
        site.apply(event, at: now)
        events.append(event)
    }

    /// What follows by itself, until all waits for something outside.
    mutating func settle() {
        while let event = next { emit(event) }
    }

    private var next: SiteEvent? {
        if let kept = site.kept, kept.until <= now, site.rollout == nil { return .keptEnded }
        if site.rollout == nil, site.lock == nil,
            let order = site.queue.first(where: { !site.isFrozen($0) })
        {
            let id = order.release.id
            return id == site.current
                ? .dropped(release: id, reason: "it is there already") : .begun(release: id)
        }
        if let event = Reconciling(site, at: now).next { return event }
        return site.rollout.flatMap { Progressing(site: site, rollout: $0, now: now).next }
    }

    mutating func handle(_ command: SiteCommand) throws(SiteRefusal) {
        switch command {
        case .deploy(let order): try deploy(order)
        case .withdraw(let release, let reason):
            guard site.queue.contains(where: { $0.release.id == release }) else {
                throw SiteRefusal(
                    "\(release) does not wait for its turn", hint: "turn the deployment back")
            }
            emit(.dropped(release: release, reason: reason))
        case .turnBack(let person, let reason):
            try turnBack("\(person) asked for it: \(reason)")
            pin(site.rollout?.to)
        case .approve(let person): emit(.approved(by: try asked(person)))
        case .reject(let person, let reason):
            try turnBack("\(try asked(person)) rejected it: \(reason)")
            pin(site.rollout?.to)
        case .promote(let person): emit(.promoted(by: try holding(person)))
        case .pause(let person):
            _ = try under()
            emit(.paused(by: person))
        case .resume(let person):
            guard try under().pausedBy != nil else {
                throw SiteRefusal("the deployment is not paused", hint: "it goes on by itself")
            }
            emit(.resumed(by: person))
        case .lock(let person, let reason, let steals): try lock(person, reason, steals)
        case .unlock(let person):
            guard site.lock != nil else {
                throw SiteRefusal("the environment is not locked", hint: "there is nothing to do")
            }
            emit(.unlocked(by: person))
        case .hours(let reason): turn(reason)
        case .letThrough(let person, let reason): try letThrough(person, reason)
        case .see(let sighting):
            // What is told late or twice changes nothing.
            if let event = site.lesson(of: sighting) { emit(event) }
        case .look: break
        }
    }

    // MARK: - What people want

    private mutating func deploy(_ order: RolloutOrder) throws(SiteRefusal) {
        let release = order.release
        if case .rolling = order.strategy, let role = Plan.standstill(order) {
            throw SiteRefusal(
                "with \(role.count) of '\(role.name)' none may go and none may come",
                hint: "raise 'maximum', or lower 'minimum-healthy'")
        }
        if let objection = site.objection(to: order) { throw objection }
        if let known = site.releases[release.id], known != release {
            throw SiteRefusal("\(release.id) is another release", hint: "give it a new number")
        }
        if order.person == nil, site.pins.contains(release.version) {
            throw SiteRefusal(
                "a person has left version '\(release.version)'",
                hint: "automation does not put it back; a person can")
        }
        guard !site.queue.contains(where: { $0.release.id == release.id }),
            site.rollout?.to != release.id
        else { throw SiteRefusal("\(release.id) is on its way already", hint: "wait for its end") }
        if order.outdatesWaiting {
            for waiting in site.queue {
                emit(.dropped(release: waiting.release.id, reason: "\(release.id) came after it"))
            }
        }
        emit(.ordered(order: order))
        // Who goes back to an earlier version leaves the one that is there.
        if order.person != nil, let current = site.current, release.id < current { pin(current) }
    }

    private mutating func pin(_ release: ReleaseID?) {
        guard let version = release.flatMap({ site.releases[$0]?.version }),
            !site.pins.contains(version)
        else { return }
        emit(.pinned(version: version))
    }

    private mutating func turnBack(_ cause: String) throws(SiteRefusal) {
        guard try !under().isGoingBack else {
            throw SiteRefusal("the deployment goes back already", hint: "wait for its end")
        }
        emit(.turnedBack(cause: cause))
    }

    private mutating func lock(
        _ person: String, _ reason: String, _ steals: Bool
    ) throws(SiteRefusal) {
        if let lock = site.lock, !steals {
            throw SiteRefusal(
                "\(lock.person) has locked the environment: \(lock.reason)",
                hint: "ask them, or take the lock over from them")
        }
        emit(.locked(by: person, reason: reason))
    }

    private mutating func turn(_ reason: String?) {
        if let reason {
            if site.frozen?.reason != reason { emit(.frozen(reason: reason)) }
        } else if site.hours != .open {
            emit(.thawed)
        }
    }

    private mutating func letThrough(
        _ person: String, _ reason: String
    ) throws(SiteRefusal) {
        let waiting = site.queue.filter(site.isFrozen).map(\.release.id)
        guard !waiting.isEmpty else {
            throw SiteRefusal(
                "nothing waits for a freeze to end", hint: "what is deployed next need not wait")
        }
        for release in waiting {
            emit(.letThrough(release: release, by: person, reason: reason))
        }
    }

    private func under() throws(SiteRefusal) -> Rollout {
        guard let rollout = site.rollout else {
            throw SiteRefusal("nothing is being deployed", hint: "start a deployment first")
        }
        return rollout
    }

    private func asked(_ person: String) throws(SiteRefusal) -> String {
        guard case .ask = try under().step else {
            throw SiteRefusal("the deployment asks for no approval now", hint: "wait until it does")
        }
        return person
    }

    private func holding(_ person: String) throws(SiteRefusal) -> String {
        let rollout = try under()
        if let pausedBy = rollout.pausedBy {
            throw SiteRefusal(
                "\(pausedBy) has paused the deployment, which would stay where it is",
                hint: "resume it first")
        }
        switch rollout.step {
        case .hold where rollout.isAnswered:
            throw SiteRefusal("that was asked for already", hint: "it goes on")
        case .hold: return person
        case .ask:
            throw SiteRefusal(
                "the deployment waits for an approval", hint: "approve it, or reject it")
        default:
            throw SiteRefusal(
                "the deployment waits for nothing that could be left out",
                hint: "what it waits for has to happen")
        }
    }
}
