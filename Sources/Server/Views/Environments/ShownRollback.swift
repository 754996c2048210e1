import Deployment
import Engine
import Pipelines

/// What putting a release back would do, found out by deciding it on a copy of the state: so what
/// is shown and what is done are one thing, and so are the refusals.
struct ShownRollback {
    let leaves: ReleaseID?
    let to: Release?
    let strategy: String
    let steps: [ShownStep]
    let launches: [(role: RoleName, count: Int)]
    let waitsFor: String?
    let isThere: Bool
    private var sequence: Int?

    init(
        of name: EnvironmentName, _ command: Command, by who: Who, in call: Call
    ) throws(Refusal) {
        let before = call.state.environment(name)?.site ?? Site()
        var state = call.state
        let events = try state.decide(command, by: who, at: call.now).records.compactMap {
            record -> SiteEvent? in
            guard case .environment(name, _, let event, _) = record.event else { return nil }
            return event
        }
        leaves = before.foremost
        let ordered = events.lazy.compactMap { event -> RolloutOrder? in
            if case .ordered(let order) = event { order } else { nil }
        }.first
        let plan: Deployment.Plan?
        if let ordered {
            to = ordered.release
            strategy = ordered.strategy.word
            plan = Deployment.Plan(ordered, from: before.foremost.flatMap { before.releases[$0] })
        } else {
            to = before.rollout?.from.flatMap { before.releases[$0] }
            strategy = "turn back"
            plan = before.rollout.map { [to] in .back($0.order, to: to) }
        }
        isThere = before.rollout == nil && to != nil && to?.id == before.current
        let new = ordered?.release.id ?? leaves ?? ReleaseID(0)
        steps =
            isThere
            ? [] : (plan?.steps ?? []).map { ShownStep(step: $0, from: before.foremost, to: new) }
        launches = isThere ? [] : Self.launches(of: to, beside: before)
        waitsFor = ordered == nil || isThere ? nil : before.obstacle
    }

    /// It has been done.
    func done(by sequence: Int) -> ShownRollback {
        var done = self
        done.sequence = sequence
        return done
    }

    private static func launches(
        of release: Release?, beside site: Site
    ) -> [(role: RoleName, count: Int)] {
        guard let release else { return [] }
        return release.roles.compactMap { role in
            let there = site.instances(of: release.id, role.name).count(where: \.isComing)
            let count = site.count(of: role)
            return there < count ? (role.name, count - there) : nil
        }
    }

    static let view = View<ShownRollback>(
        "RollbackPlan", "What putting a release back would do.",
        [
            .optionalText("leaves", "What is there now, or on its way.") {
                $0.leaves.map { "\($0)" }
            },
            .optionalText("release", "What would be there; null if nothing was there before.") {
                $0.to.map { "\($0.id)" }
            },
            .optionalText("version", "The digest of its artifact or image.") { $0.to?.version },
            .text("strategy", "How; `turn back` undoes the deployment that is under way.") {
                $0.strategy
            },
            .list("steps", "What would be done, in order.", of: ShownStep.view) { $0.steps },
            .list("launches", "Instances that would be started.", of: launchView) { $0.launches },
            .optionalText("waits-for", "What it would have to wait for first.") { $0.waitsFor },
            .truth("there", "Whether nothing is to be done, because it is there already.") {
                $0.isThere
            },
            .optionalCount(
                "sequence", "How far the record goes by now; null if nothing was done."
            ) { $0.sequence },
        ])
}

private let launchView = View<(role: RoleName, count: Int)>(
    "Launch", "Instances that would be started.",
    [
        .text("role", "The service.") { "\($0.role)" },
        .count("count", "How many.") { $0.count },
    ])

extension Site {
    /// What a new deployment has to wait for.
    fileprivate var obstacle: String? {
        if let lock { return "\(lock.person) has locked the environment: \(lock.reason)" }
        if let rollout { return "the deployment of \(rollout.to) has to end first" }
        return nil
    }
}
