import Deployment
package import Engine
package import Pipelines

/// All that a runner is told of an attempt: what to run, on what, and what to bring home. Nothing
/// in it has to be looked up in the engine any more, and nothing of it is secret.
package struct Assignment: Hashable, Sendable {
    package struct Input: Hashable, Sendable {
        package enum Content: Hashable, Sendable {
            case revision(Revision)
            case artifact(Artifact)
        }

        package let name: String
        package let content: Content

        package init(name: String, content: Content) {
            self.name = name
            self.content = content
        }
    }

    package struct Cache: Hashable, Sendable {
        package let path: String
        package let key: String
        /// Whose it may be, the execution's own first: only that one is written. What is built for
        /// one line of development cannot put anything into what another one finds, unless that
        /// is one which everybody starts from.
        package let lines: [String]

        package init(path: String, key: String, lines: [String]) {
            self.path = path
            self.key = key
            self.lines = lines
        }
    }

    package let attempt: AttemptID
    package let steps: [Run.Step]
    package let environment: [String: String]
    /// The first becomes the workspace; the others are seen beside it.
    package let inputs: [Input]
    package let outputs: [Run.Output]
    package let exports: [VariableName]
    package let caches: [Cache]
    package let reports: [Glob]
    package let secrets: [Run.Secret]
    package let limits: Limits
    package let runner: RunnerName
    package let network: Network?
    package let image: String?
    /// What is to become of an image, where that is the work; then there are no steps.
    package let order: ImageOrder?

    package init(
        _ attempt: AttemptID, run: Run, environment: [String: String], inputs: [Input],
        caches: [Cache], image: String? = nil
    ) {
        self.attempt = attempt
        steps = run.steps
        self.environment = environment
        self.inputs = inputs
        outputs = run.outputPaths
        exports = run.exports
        self.caches = caches
        reports = run.reports
        secrets = run.secrets
        limits = run.limits
        runner = run.runner
        network = run.network
        self.image = image
        order = nil
    }

    init(
        _ attempt: AttemptID, hook: HookWork, environment: [String: String], inputs: [Input]
    ) {
        self.attempt = attempt
        steps = hook.steps.map { step in
            Run.Step(name: step.name, script: step.script)
        }
        self.environment = environment
        self.inputs = inputs
        outputs = []
        exports = []
        caches = []
        reports = []
        secrets = hook.secrets.map { Run.Secret(secret: $0.name, asVariable: $0.variable) }
        limits = hook.limits
        runner = hook.runner
        network = hook.network
        image = hook.image
        order = nil
    }

    init(_ attempt: AttemptID, image: Image, order: ImageOrder, inputs: [Input]) {
        self.attempt = attempt
        steps = []
        environment = [:]
        self.inputs = inputs
        outputs = image.output.map { [Run.Output(name: $0, path: ImageOrder.outputFolder)] } ?? []
        exports = image.exports
        caches = []
        reports = []
        secrets = image.secretNames.map { Run.Secret(secret: $0, asVariable: nil) }
        limits = image.limits
        runner = image.runner
        if case .build(let build) = image.content { network = build.network } else { network = nil }
        self.image = nil
        self.order = order
    }
}

/// Why an attempt cannot be begun, for people.
package struct Unassignable: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
