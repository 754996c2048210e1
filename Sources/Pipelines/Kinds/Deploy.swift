/// A version put into an environment.
package struct Deploy: ActionKind {
    package static let key = "deploy"
    package static let about = "puts a version into an environment"

    package let environment: EnvironmentName
    package let image: Template?
    package let artifact: Located<ArtifactName>?
    /// What the environment's definitions at AWS are made from.
    package let templatesFrom: Located<ArtifactName>?
    package let strategy: Strategy
    package let hooks: [Hook: Run]
    /// What people are asked before anybody's requests go to the new version.
    package let pause: Approval?

    package var inputs: [Located<ArtifactName>] { [artifact, templatesFrom].compactMap(\.self) }
    package var secretNames: [SecretName] { orderedHooks.flatMap(\.secretNames) }
    package var templates: [Template] {
        [image].compactMap(\.self) + orderedHooks.flatMap(\.templates) + (pause?.templates ?? [])
    }
    package var standardRetry: RetryPolicy { .never }
    package var needs: Needs {
        .runner(.deployments, environment: environment)
    }
    package var summary: String { "to \(environment), \(strategy.word)" }

    package static func read(_ keys: inout Keys) -> Deploy? {
        keys.required(key, shape, about: about)
    }

    private var orderedHooks: [Run] { Hook.allCases.compactMap { hooks[$0] } }
}

/// How traffic goes from the old version to the new.
package enum Strategy: Hashable, Sendable {
    case allAtOnce
    case rolling(batch: Int?, minimumHealthy: Int?, maximum: Int?)
    case blueGreen(bake: Duration, keep: Duration)
    case canary(steps: [CanaryStep], bake: Duration)
    case linear(percent: Int, every: Duration, bake: Duration)

    package struct CanaryStep: Hashable, Sendable {
        package let percent: Int
        package let time: Duration

        package init(percent: Int, time: Duration) {
            self.percent = percent
            self.time = time
        }
    }

    /// Where nobody has chosen one.
    static let standard = Strategy.rolling(batch: nil, minimumHealthy: nil, maximum: nil)

    package var word: String {
        switch self {
        case .allAtOnce: "all-at-once"
        case .rolling: "rolling"
        case .blueGreen: "blue-green"
        case .canary: "canary"
        case .linear: "linear"
        }
    }
}

extension Deploy {
    fileprivate static let shape = Shape<Deploy>.mapping(about: "what is deployed, where and how") {
        keys in
        let environment = keys.required(
            "environment", EnvironmentName.shape, about: "where it goes")
        let image = keys.optional("image", .template, about: "the image, by its digest")
        let artifact = keys.optional(
            "artifact", ArtifactName.shape.located, about: "the artifact, if it is no image")
        let templates = keys.optional(
            "templates", ArtifactName.shape.located,
            about: "the artifact with the task definition, where the environment names one")
        let strategy = keys.optional(
            "strategy", Strategy.shape, about: "how traffic goes from the old version to the new")
        let hooks = keys.optional("hooks", Hook.shape, about: "commands on the way: HOOK: commands")
        let pause = keys.optional(
            "pause", pause, about: "what is waited for before requests go to the new version")
        if case .rolling = strategy ?? .standard {
            if pause != nil {
                keys.findings.error(
                    at: keys.keyPlace(of: "pause"),
                    "nobody can be asked before requests go to the new version: a rolling "
                        + "deployment gives each new instance requests at once",
                    hint: "use another strategy, such as blue-green, or a gate before the stage")
            }
            for hook in Hook.allCases where hook.needsStandBy && hooks?[hook] != nil {
                keys.findings.error(
                    at: keys.place(of: "hooks"),
                    "'\(hook.rawValue)' never comes: a rolling deployment gives each new instance "
                        + "requests at once",
                    hint: "use 'after-install', or another strategy, such as blue-green")
            }
        }
        if !keys.isDescribing, keys.has("image") == keys.has("artifact") {
            keys.findings.error(
                at: keys.place, "a deployment is of either an 'image' or an 'artifact'",
                hint: "write 'image: \"#{ACTION.uri}\"' with the action that pushed it")
        }
        guard let environment else { return nil }
        return Deploy(
            environment: environment, image: image, artifact: artifact, templatesFrom: templates,
            strategy: strategy ?? .standard, hooks: hooks ?? [:], pause: pause)
    }

    private static let pause = Shape<Approval>.either(
        .text("'approval'", schema: .words([Approval.key])) { text throws(Mistake) in
            guard text == Approval.key else {
                throw Mistake("'\(text)' is nothing to wait for", hint: "write 'approval'")
            }
            return Approval(rule: ApprovalRule(), ask: nil, url: nil)
        },
        or: .mapping(about: "what is waited for") { keys in
            keys.required(Approval.key, Approval.shape, about: Approval.about)
        })
}
