import Deployment
import Engine
import Pipelines

/// What promoting would do, found out by deciding it on a copy of the state.
struct ShownPromotion {
    let from: EnvironmentName
    let promotion: Promotion
    let revisions: [Revision]
    let leaves: ReleaseID?
    let isThere: Bool
    private let plan: Deployment.Plan
    private var started: ExecutionID?

    init(
        to name: EnvironmentName, from source: EnvironmentName, _ command: Command, by who: Who,
        in call: Call
    ) throws(Refusal) {
        var state = call.state
        _ = try state.decide(command, by: who, at: call.now)
        from = source
        promotion = try call.state.promotion(to: name, from: source)
        revisions = call.state.execution(promotion.execution)?.revisions ?? []
        let site = call.state.environment(name)?.site ?? Site()
        let there = site.current.flatMap { site.releases[$0] }
        leaves = there?.id
        isThere =
            site.rollout == nil && there?.version == promotion.order.release.version
            && there?.roles == promotion.order.release.roles
        plan = Deployment.Plan(promotion.order, from: there)
    }

    /// It has been done.
    func done(by execution: ExecutionID?) -> ShownPromotion {
        var done = self
        done.started = execution
        return done
    }

    static let view = View<ShownPromotion>(
        "PromotionPlan", "What promoting would do.",
        [
            .text("from", "The environment that it is in.") { "\($0.from)" },
            .text("release", "What it is called there.") { "\($0.promotion.release)" },
            .text("version", "The digest of its artifact or image.") {
                $0.promotion.order.release.version
            },
            .list("revisions", "What it was made of.", of: revisionView) { $0.revisions },
            .text("brought", "The execution that brought it there.") {
                "\($0.promotion.execution)"
            },
            .text("stage", "The stage that would be run.") { "\($0.promotion.stage)" },
            .texts("gates", "What is waited for before the stage.") { $0.promotion.gates },
            .optionalText("leaves", "What is there now.") { $0.leaves.map { "\($0)" } },
            .text("strategy", "How it is deployed.") { $0.promotion.order.strategy.word },
            .list("steps", "What the deployment does, in order.", of: ShownStep.view) { shown in
                shown.plan.steps.map {
                    ShownStep(step: $0, from: shown.leaves, to: shown.promotion.order.release.id)
                }
            },
            .truth("there", "Whether nothing is to be done, because it is there already.") {
                $0.isThere
            },
            .optionalText("execution", "The execution that does it; null if nothing was done.") {
                $0.started.map { "\($0)" }
            },
        ])
}
