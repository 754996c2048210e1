import YAML

// Commands on the way of a deployment work on what is deployed, and leave nothing behind.
extension Run {
    init(
        hook steps: [Step], environment: [Setting] = [], secrets: [Secret] = [],
        limits: Limits = .none, runner: RunnerName = standardRunner, network: Network? = nil,
        image: Template? = nil
    ) {
        self.init(
            steps: steps, inputNames: [], outputPaths: [], caches: [], environment: environment,
            secrets: secrets, reports: [], exports: [], limits: limits, runner: runner,
            network: network, image: image)
    }

    static func readHook(_ keys: inout Keys, steps: [Step]?) -> Run? {
        let environment = keys.optional(
            "environment", .dictionary(keys: .environmentName, values: .template),
            about: "variables for the commands: NAME: value")
        let secrets = keys.optional("secrets", .secrets, about: "secrets for the commands, by name")
        let limits = keys.optional("limits", Limits.shape, about: "what they may use at most")
        let runner = keys.optional(
            "runner", RunnerName.shape.mentioned(as: .runner), about: "where they run")
        let network = keys.optional(
            "network", Shape<Network>.word("network"), about: "what they can reach")
        let image = keys.optional(
            "image", .imageName, about: "the image that they run in, on a runner of containers")
        noteImage(image, on: runner, &keys)
        return steps.map { steps in
            Run(
                hook: steps,
                environment: (environment ?? []).map { Setting(name: $0.0, value: $0.1) },
                secrets: secrets ?? [], limits: limits ?? .none,
                runner: runner ?? standardRunner, network: network, image: image)
        }
    }

    /// An image on a runner that has none is a mistake.
    static func noteImage(_ image: Template?, on runner: RunnerName?, _ keys: inout Keys) {
        guard image != nil, (runner ?? standardRunner) == standardRunner else { return }
        keys.findings.error(
            at: keys.keyPlace(of: "image"),
            "runner '\(standardRunner)' has no images: it runs on this machine's own system",
            hint: "add 'runner: docker', or remove 'image'")
    }
}

extension Run.Step {
    /// One that was read long ago, when its place was of use to somebody.
    package init(name: String?, script: String) {
        self.init(name: name, script: Located(script, at: Place(line: 1, column: 1)))
    }
}
