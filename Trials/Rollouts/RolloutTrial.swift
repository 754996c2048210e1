import Deployment
import Pipelines
import Simulation

/// Deployments from one seed, against a target that dies, lies, dawdles and is forgotten by a house
/// that crashes between any two steps.
package struct RolloutTrial {
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }

    package struct Tally: Sendable {
        package var steps = 0
        package var crashes = 0
        package var succeeded = 0
        package var turnedBack = 0
        package var stuck = 0

        package static func + (left: Tally, right: Tally) -> Tally {
            Tally(
                steps: left.steps + right.steps, crashes: left.crashes + right.crashes,
                succeeded: left.succeeded + right.succeeded,
                turnedBack: left.turnedBack + right.turnedBack, stuck: left.stuck + right.stuck)
        }

        package init() {}

        private init(steps: Int, crashes: Int, succeeded: Int, turnedBack: Int, stuck: Int) {
            self.steps = steps
            self.crashes = crashes
            self.succeeded = succeeded
            self.turnedBack = turnedBack
            self.stuck = stuck
        }
    }

    private static let lookEvery: Int64 = 500
    /// Besides what the steps of a plan may take by themselves: hooks, pauses.
    private static let slack: Int64 = 900_000

    private let seed: UInt64
    private var random: Randomness
    private var scenario: RolloutScenario
    private var target: SimulatedTarget
    private var site = Site()
    private var journal: [(event: SiteEvent, at: HouseTime)] = []
    private var now: Int64 = 0
    private var lastLook: Int64 = 0
    /// How long the house was not there: the target's time went on, and the house's did not.
    private var absence: Int64 = 0
    private var begun: Int64?
    private var hook: (hook: Hook, end: Int64)?
    private var wasDisturbed = false
    private var tally = Tally()

    /// Throws if a rule is broken.
    package static func run(seed: UInt64, deployments: Int = 4) throws(Violation) -> Tally {
        var trial = RolloutTrial(seed: seed)
        try trial.run(deployments)
        return trial.tally
    }

    private init(seed: UInt64) {
        self.seed = seed
        random = Randomness(seed: seed)
        scenario = RolloutScenario(seed: seed ^ 0xD3)
        target = SimulatedTarget(seed: seed ^ 0x7A)
    }

    private mutating func run(_ deployments: Int) throws(Violation) {
        for _ in 0..<deployments {
            try deploy()
            while site.rollout != nil || !site.queue.isEmpty { try step() }
            let rest = now + Int64(random.number(in: 0...60_000))
            while now < rest { try step() }
        }
        // From here on nobody disturbs.
        while site.rollout != nil || !site.queue.isEmpty {
            if site.rollout?.pausedBy != nil { try tell(.resume(by: "grace")) }
            try pass()
        }
        let rest = now + 300_000
        while now < rest { try pass() }
        try checkRest()
    }

    // MARK: - Steps

    private mutating func step() throws(Violation) {
        switch random.number(below: 200) {
        case 0..<8: try crash()
        case 8: try killOne()
        case 9..<12: try person()
        // No more than are worked off, or it would never end.
        case 12: if site.queue.count < 2 { try deploy() }
        case 13..<16: try scale()
        default: try pass()
        }
    }

    private mutating func pass() throws(Violation) {
        tally.steps += 1
        try act(all: true)
        let wakes = site.wants(at: .milliseconds(now)).wakes.map { Int64($0.milliseconds) }
        let times = [target.next.map { $0 - absence }, wakes, hook?.end, lastLook + Self.lookEvery]
            .compactMap(\.self)
        now = max(now, times.min() ?? now)
        for sighting in target.pass(to: now + absence) { try tell(.see(sighting)) }
        if let hook, hook.end <= now {
            self.hook = nil
            let problem = random.chance(1, in: 12) ? "the hook failed" : nil
            if problem != nil { wasDisturbed = true }
            try tell(.see(.hookEnded(hook.hook, problem: problem)))
        }
        if now - lastLook >= Self.lookEvery {
            lastLook = now
            for sighting in target.differences(from: site, at: now + absence) {
                try tell(.see(sighting))
            }
        }
        try tell(.look)
        try checkTime()
    }

    /// Does what is wanted, or a part of it.
    private mutating func act(all: Bool) throws(Violation) {
        let wants = site.wants(at: .milliseconds(now))
        for instance in wants.launches where all || random.chance(1, in: 2) {
            let roles = site.releases[instance.release]?.roles
            guard let role = roles?.first(where: { $0.name == instance.role }) else { continue }
            target.launch(
                instance, of: role, as: scenario.behaviours[instance.release] ?? .good,
                at: now + absence)
        }
        for id in wants.stops where all || random.chance(1, in: 2) {
            target.stop(id, at: now + absence)
        }
        for (role, traffic) in wants.traffic.sorted(by: { $0.key < $1.key })
        where all || random.chance(1, in: 2) {
            // A balancer that takes long to obey is no fault of a version.
            if target.route(role, traffic, at: now + absence) { wasDisturbed = true }
        }
        for id in target.copies.keys.sorted() where !wants.instances.contains(id) {
            target.stop(id, at: now + absence)
        }
        if let wanted = wants.hook, hook?.hook != wanted {
            hook = (wanted, now + Int64(random.number(in: 0...20_000)))
            try tell(.see(.hookBegun(wanted)))
        }
        if wants.watchesAlarms, let to = site.rollout?.to, scenario.behaviours[to] == .alarming,
            random.chance(1, in: 4)
        {
            try tell(.see(.alarm("1 in 20 answers is 500")))
        }
        if let broken = target.broken { throw violation(broken) }
    }

    /// The house forgets all but its journal, half way through what it does.
    private mutating func crash() throws(Violation) {
        tally.crashes += 1
        try act(all: false)
        var replayed = Site()
        for (event, time) in journal { replayed.apply(event, at: time) }
        guard replayed == site else { throw violation("what is replayed is not what was") }
        site = replayed
        absence += Int64(random.number(in: 0...20_000))
        for sighting in target.pass(to: now + absence) where random.chance(1, in: 2) {
            try tell(.see(sighting))
        }
        lastLook = 0
        try tell(.look)
    }

    private mutating func killOne() throws(Violation) {
        guard let id = random.pick(target.copies.keys.sorted()) else { return }
        wasDisturbed = true
        target.kill(id, at: now + absence)
    }

    private mutating func person() throws(Violation) {
        let commands: [SiteCommand] = [
            .turnBack(by: "grace", reason: "it looks wrong"), .promote(by: "grace"),
            .pause(by: "grace"), .resume(by: "grace"), .approve(by: "grace"),
            .reject(by: "grace", reason: "not today"),
        ]
        guard let command = random.pick(commands) else { return }
        if case .promote = command {} else { wasDisturbed = true }
        try tell(command)
    }

    /// More is asked of it, or less.
    private mutating func scale() throws(Violation) {
        guard let role = random.pick(site.traffic.keys.sorted()) else { return }
        try tell(.see(.needed(role, random.number(in: 1...9), "as much is asked")))
    }

    private mutating func deploy() throws(Violation) { try tell(.deploy(scenario.order())) }

    private mutating func tell(_ command: SiteCommand) throws(Violation) {
        let before = site
        let time = HouseTime.milliseconds(now)
        // What may not be is refused, and changes nothing.
        guard let events = try? site.decide(command, at: time) else {
            guard site == before else { throw violation("a refusal changed something") }
            return
        }
        journal += events.map { ($0, time) }
        var state = before
        for event in events {
            let earlier = state
            state.apply(event, at: time)
            if let broken = RolloutRules(before: earlier, event: event, after: state).broken {
                throw violation("\(broken) after \(command)")
            }
            try note(event, earlier)
        }
        if let broken = RolloutRules.unsettled(site) { throw violation(broken) }
    }

    // MARK: - Rules that need the time, or the truth

    private mutating func note(_ event: SiteEvent, _ before: Site) throws(Violation) {
        switch event {
        case .begun:
            begun = now
            wasDisturbed = false
        case .ended(let outcome):
            begun = nil
            try judge(outcome, before)
        default: break
        }
    }

    private mutating func judge(_ outcome: SiteOutcome, _ before: Site) throws(Violation) {
        guard let to = before.rollout?.to, let behaviour = scenario.behaviours[to] else { return }
        switch outcome {
        case .succeeded:
            tally.succeeded += 1
            if [.neverHealthy, .diesAtOnce].contains(behaviour) {
                throw violation("a version that is \(behaviour) was deployed")
            }
        case .turnedBack(let cause):
            tally.turnedBack += 1
            let isAsked = cause.contains("nobody approved")
            if behaviour.isGood, !wasDisturbed, !isAsked {
                throw violation("a good version was turned back: \(cause)")
            }
        case .stuck: tally.stuck += 1
        }
    }

    private func checkTime() throws(Violation) {
        guard let begun, let rollout = site.rollout, rollout.pausedBy == nil else { return }
        let from = rollout.from.flatMap { site.releases[$0] }
        let plans = [Plan(rollout.order, from: from), Plan.back(rollout.order, to: from)]
        let most = plans.flatMap(\.steps).reduce(Int64(0)) { sum, step in
            switch step {
            case .reach(_, _, let time), .entrust(let time), .ask(let time), .hold(let time):
                sum + Int64(time.milliseconds)
            case .run: sum
            }
        }
        if now - begun > most + Self.slack { throw violation("it does not end") }
    }

    /// What is there at last is one version, all of it, and nothing else.
    private func checkRest() throws(Violation) {
        guard let current = site.current, let release = site.releases[current] else { return }
        let strangers = target.copies.filter { $0.value.release != current }.keys.sorted()
        guard scenario.behaviours[current]?.isGood == true else { return }
        if !strangers.isEmpty { throw violation("\(strangers) are left of other versions") }
        for role in release.roles {
            let count = target.copies.values.count { $0.role == role.name && $0.health == .healthy }
            let wanted = RolloutRules.count(current, role.name, site)
            if count != wanted { throw violation("\(count) of \(wanted) are there") }
            guard role.takesTraffic else { continue }
            let routed = target.traffic[role.name]?.routing.percent(of: current) ?? 0
            if routed != 100 { throw violation("\(current) has \(routed) of the traffic") }
        }
    }

    private func violation(_ problem: String) -> Violation {
        var lines = ["seed \(seed): \(problem); at \(now)"]
        lines += journal.suffix(25).map { "\($0.at.milliseconds) \($0.event)" }
        lines += site.instances.values.sorted { $0.id < $1.id }.map { instance in
            "\(instance.id) of \(instance.release), \(instance.role): \(instance.condition)"
        }
        if let rollout = site.rollout, let step = rollout.step {
            let from = rollout.from.map { "\($0)" } ?? "nothing"
            lines.append("\(from) to \(rollout.to), \(rollout.order.strategy): \(step)")
        }
        return Violation(description: lines.joined(separator: "\n"))
    }
}
