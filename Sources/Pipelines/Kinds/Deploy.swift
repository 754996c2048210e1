/// A version put into an environment.
package struct Deploy: ActionKind {
    package static let key = "deploy"
    package static let about = "puts a version into an environment"

    package let environment: EnvironmentName
    package let image: Template?
    package let artifact: Located<ArtifactName>?
    package let strategy: Strategy

    package var inputs: [Located<ArtifactName>] { [artifact].compactMap(\.self) }
    package var templates: [Template] { [image].compactMap(\.self) }
    package var standardRetry: RetryPolicy { .never }
    package var needs: Needs {
        .runner(.deployments, environment: environment)
    }
    package var summary: String { "to \(environment), \(strategy.word)" }

    package static func read(_ keys: inout Keys) -> Deploy? {
        keys.required(key, shape, about: about)
    }
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
        let strategy = keys.optional(
            "strategy", Strategy.shape, about: "how traffic goes from the old version to the new")
        if !keys.isDescribing, keys.has("image") == keys.has("artifact") {
            keys.findings.error(
                at: keys.place, "a deployment is of either an 'image' or an 'artifact'",
                hint: "write 'image: \"#{ACTION.digest}\"' with the action that pushed it")
        }
        guard let environment else { return nil }
        return Deploy(
            environment: environment, image: image, artifact: artifact,
            strategy: strategy ?? .rolling(batch: nil, minimumHealthy: nil, maximum: nil))
    }
}
