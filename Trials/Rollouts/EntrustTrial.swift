import Deployment
import Pipelines
import Simulation

/// Deployments from one seed that another party carries out, looked after by a house that crashes
/// between any two steps.
package struct EntrustTrial {
    private static let deployments = 6
    private static let mostSteps = 4_000

    private let seed: UInt64
    private var random: Randomness
    private var party: SimulatedParty
    private var manners: [ReleaseID: SimulatedParty.Manner] = [:]
    private var site = Site()
    private var journal: [(event: SiteEvent, at: HouseTime)] = []
    private var now = HouseTime.zero
    /// What was there, and how much had been begun, before the deployment that is under way.
    private var before: (current: ReleaseID?, begun: Int) = (nil, 0)
    private var tally = RolloutTrial.Tally()

    /// Throws if a rule is broken.
    package static func run(seed: UInt64) throws(RolloutTrial.Violation) -> RolloutTrial.Tally {
        var trial = EntrustTrial(seed: seed)
        for number in 1...deployments { try trial.deploy(number) }
        return trial.tally
    }

    private init(seed: UInt64) {
        self.seed = seed
        random = Randomness(seed: seed ^ 0xEC)
        party = SimulatedParty(seed: seed ^ 0x5C)
    }

    private mutating func deploy(_ number: Int) throws(RolloutTrial.Violation) {
        let release = Self.release(number)
        manners[release.id] = random.pick(SimulatedParty.Manner.allCases) ?? .good
        before = (party.current, party.begun.count)
        let hooks = [Hook.beforeInstall, .afterTraffic].filter { _ in random.chance(1, in: 4) }
        try tell(
            .deploy(
                RolloutOrder(release, by: .allAtOnce, hooks: Set(hooks), person: "ada")))
        var steps = 0
        while site.rollout != nil {
            steps += 1
            if steps > Self.mostSteps { throw violation("it does not end") }
            try step()
        }
        if party.begun.count - before.begun > 1 { throw violation("two deployments were begun") }
    }

    private static func release(_ number: Int) -> Release {
        let rule = ECSRule(region: "eu-west-1", cluster: "c", service: "s")
        return Release(
            ReleaseID(number), version: "shop@sha256:\(number)", roles: [],
            handover: Handover(rule, image: "shop@sha256:\(number)", templates: nil))
    }

    private mutating func step() throws(RolloutTrial.Violation) {
        tally.steps += 1
        now += .milliseconds(random.number(in: 1...20_000))
        switch random.number(below: 40) {
        case 0..<3: try crash()
        case 3: try tell(.turnBack(by: "grace", reason: "it looks wrong"))
        case 4: try tell(.pause(by: "grace"))
        default: try pass()
        }
    }

    private mutating func pass() throws(RolloutTrial.Violation) {
        if site.rollout?.pausedBy != nil { try tell(.resume(by: "grace")) }
        let wants = site.wants(at: now)
        if let hook = wants.hook {
            let problem = random.chance(1, in: 6) ? "the hook failed" : nil
            try tell(.see(.hookEnded(hook, problem: problem)))
        }
        if let charge = wants.charge {
            for report in party.attend(charge, as: { manners[$0] ?? .good }) {
                try tell(.see(.charge(report)))
            }
        }
        try tell(.look)
    }

    /// The house forgets all but its journal, perhaps when it has told the party to do something.
    private mutating func crash() throws(RolloutTrial.Violation) {
        tally.crashes += 1
        if let charge = site.wants(at: now).charge, random.chance(1, in: 2) {
            _ = party.attend(charge, as: { manners[$0] ?? .good })
        }
        var replayed = Site()
        for (event, time) in journal { replayed.apply(event, at: time) }
        guard replayed == site else { throw violation("what is replayed is not what was") }
        site = replayed
    }

    private mutating func tell(_ command: SiteCommand) throws(RolloutTrial.Violation) {
        // What may not be is refused.
        guard let events = try? site.decide(command, at: now) else { return }
        journal += events.map { ($0, now) }
        for case .ended(let outcome) in events { try judge(outcome) }
    }

    private mutating func judge(_ outcome: SiteOutcome) throws(RolloutTrial.Violation) {
        switch outcome {
        case .succeeded:
            tally.succeeded += 1
            if party.current != site.current { throw violation("something else is there") }
        case .turnedBack:
            tally.turnedBack += 1
            if party.current != before.current { throw violation("it did not go back") }
        case .stuck: tally.stuck += 1
        }
    }

    private func violation(_ problem: String) -> RolloutTrial.Violation {
        let lines = journal.suffix(25).map { "\($0.at.milliseconds) \($0.event)" }
        return RolloutTrial.Violation(
            description: (["seed \(seed): \(problem)"] + lines).joined(separator: "\n"))
    }
}
