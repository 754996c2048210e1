import Deployment
import Engine
import Pipelines

/// A deployment that is under way.
struct ShownDeployment {
    let rollout: Rollout
    let hook: HookAttempt?
    let call: Call

    /// Where a step ends by itself.
    private var deadline: Int? {
        guard let limit = rollout.step?.limit else { return nil }
        return call.wall(of: Steady(rollout.since + limit))
    }

    static let view = View<ShownDeployment>(
        "Deployment", "A deployment that is under way.",
        [
            .text("release", "What is being deployed.") { "\($0.rollout.to)" },
            .text("version", "The digest of its artifact or image.") {
                $0.rollout.order.release.version
            },
            .optionalText("from", "What was there before.") { $0.rollout.from.map { "\($0)" } },
            .text("strategy", "How.") { $0.rollout.order.strategy.word },
            .count("step", "Which of its steps it is at, from 1.") { $0.rollout.index + 1 },
            .time("since", "Since when it is at this step.") {
                $0.call.wall(of: Steady($0.rollout.since))
            },
            .time(
                "deadline",
                "When the step ends: one that watches is over then, any other turns it back."
            ) { $0.deadline },
            .optionalText(
                "hook", "What runs the hook that it is at, as `slipway logs` knows it."
            ) { shown in
                shown.hook.map { hook in
                    let visit = hook.attempt.visit
                    return "\(visit.execution) \(visit.stage)/\(hook.attempt.job.word)"
                }
            },
            .optionalText("paused-by", "Who has paused it.") { $0.rollout.pausedBy },
            .optionalText("cause", "Why it goes back, if it does.") { $0.rollout.cause },
            .optionalText("progress", "How far AWS is with it, in its own words.") {
                $0.rollout.charge?.progress
            },
            .optionalText("token", "What AWS knows it by: the ARN of a task definition.") {
                $0.rollout.charge?.token
            },
            .count("failures", "How often an instance of the new version has failed.") {
                $0.rollout.failures
            },
            .optionalText("last-failure", "How the last one did.") { $0.rollout.lastFailure },
            .list("steps", "All of its steps, in order.", of: ShownStep.view) { shown in
                shown.rollout.plan.steps.map {
                    ShownStep(step: $0, from: shown.rollout.from, to: shown.rollout.to)
                }
            },
        ])
}

/// A step of a deployment.
struct ShownStep {
    enum Kind: String, CaseIterable {
        case hook, reach, entrust, ask, watch
    }

    let step: Step
    let from: ReleaseID?
    let to: ReleaseID

    private var kind: Kind {
        switch step {
        case .run: .hook
        case .reach: .reach
        case .entrust: .entrust
        case .ask: .ask
        case .hold: .watch
        }
    }

    static let view = View<ShownStep>(
        "Step", "A step of a deployment.",
        [
            .word(
                "kind",
                "`reach` waits until all is so; `entrust` until AWS has done it; `watch` for a "
                    + "time; `ask` for a person; `hook` for a command.",
                among: Kind.allCases.map(\.rawValue)
            ) { $0.kind.rawValue },
            .text("sentence", "What it does.") { $0.step.sentence(from: $0.from, to: $0.to) },
            .optionalCount("milliseconds", "How long it can last.") { $0.step.limit?.milliseconds },
        ])
}
