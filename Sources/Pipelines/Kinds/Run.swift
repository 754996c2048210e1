import YAML

/// Commands, in the sandbox of a runner.
package struct Run: ActionKind {
    package static let key = "run"
    package static let about = "commands for /bin/sh -eu, one text or a list of steps"
    package static let companions: Set<String> = ["image"]

    package let steps: [Step]
    package let inputNames: [Located<ArtifactName>]
    package let outputPaths: [Output]
    package let caches: [Cache]
    package let environment: [Setting]
    package let secrets: [Secret]
    package let reports: [Glob]
    package let exports: [VariableName]
    package let limits: Limits
    package let runner: RunnerName
    package let network: Network?
    /// What it runs in, on a runner that has containers; nothing if that is up to the runner.
    package let image: Template?

    /// One command, folded in the log under its name.
    package struct Step: Hashable, Sendable {
        package let name: String?
        package let script: Located<String>
    }

    package struct Output: Hashable, Sendable {
        package let name: Located<ArtifactName>
        package let path: String

        package init(name: Located<ArtifactName>, path: String) {
            self.name = name
            self.path = path
        }
    }

    package struct Setting: Hashable, Sendable {
        package let name: String
        package let value: Template
    }

    /// A secret, and the name of the file or variable that the commands find it under.
    package struct Secret: Hashable, Sendable {
        package let secret: SecretName
        package let asVariable: String?

        package init(secret: SecretName, asVariable: String?) {
            self.secret = secret
            self.asVariable = asVariable
        }
    }

    package var inputs: [Located<ArtifactName>] { inputNames }
    package var outputs: [Located<ArtifactName>] { outputPaths.map(\.name) }
    package var secretNames: [SecretName] { secrets.map(\.secret) }
    package var templates: [Template] {
        environment.map(\.value) + caches.map(\.key) + [image].compactMap(\.self)
    }
    package var needs: Needs { .runner(runner, environment: nil) }

    package var summary: String {
        let first = steps.first?.script.value.split(whereSeparator: \.isNewline).first ?? ""
        let line = first.count > 60 ? first.prefix(60) + "…" : first
        return steps.count > 1 ? "\(line) and \(steps.count - 1) more steps" : String(line)
    }
}

package enum Network: String, Sendable, Codable, CaseIterable {
    case none, outbound, host
}

/// What an action may use at most; what is not said is up to the runner.
package struct Limits: Hashable, Sendable {
    package let time: Duration?
    package let memory: Size?
    package let processes: Int?
    package let cpu: Int?
    package let disk: Size?
    package let output: Size?

    package init(
        time: Duration?, memory: Size?, processes: Int?, cpu: Int?, disk: Size?, output: Size?
    ) {
        self.time = time
        self.memory = memory
        self.processes = processes
        self.cpu = cpu
        self.disk = disk
        self.output = output
    }

    package static let none = Limits(
        time: nil, memory: nil, processes: nil, cpu: nil, disk: nil, output: nil)
}

/// A folder that is kept from one execution to the next.
package struct Cache: Hashable, Sendable {
    package let path: String
    package let key: Template
}

extension Run {
    /// This machine's own sandbox, where the author names no runner.
    package static let standardRunner = RunnerName.process

    package static func read(_ keys: inout Keys) -> Run? {
        let steps = keys.required(key, .steps, about: about)
        return readCompanions(&keys, steps: steps)
    }

    /// What may stand beside `run`, and beside whatever else runs commands.
    static func readCompanions(_ keys: inout Keys, steps: [Step]?) -> Run? {
        let inputs = keys.optional(
            "inputs", .oneOrMany(ArtifactName.shape.located),
            about: "artifacts and sources it reads; the first is the workspace")
        let outputs = keys.optional(
            "outputs", .dictionary(keys: ArtifactName.shape.located, values: .path),
            about: "artifacts it makes: NAME: path")
        let caches = keys.optional(
            "caches", .oneOrMany(Cache.shape), about: "folders kept between executions")
        let environment = keys.optional(
            "environment", .dictionary(keys: .environmentName, values: .template),
            about: "variables for the commands: NAME: value")
        let secrets = keys.optional("secrets", .secrets, about: "secrets for the commands, by name")
        let reports = keys.optional(
            "reports", .oneOrMany(.glob), about: "JUnit XML files with test results")
        let exports = keys.optional(
            "exports", .oneOrMany(VariableName.shape),
            about: "variables that it sets, for '#{ACTION.NAME}' further on")
        let limits = keys.optional("limits", Limits.shape, about: "what it may use at most")
        let runner = keys.optional(
            "runner", RunnerName.shape.mentioned(as: .runner), about: "where it runs")
        let network = keys.optional(
            "network", Shape<Network>.word("network"), about: "what it can reach")
        let image = keys.optional(
            "image", .imageName, about: "the image that it runs in, on a runner of containers")
        noteImage(image, on: runner, &keys)
        return Run(
            steps: steps ?? [], inputNames: inputs ?? [],
            outputPaths: (outputs ?? []).map { Output(name: $0.0, path: $0.1) },
            caches: caches ?? [],
            environment: (environment ?? []).map { Setting(name: $0.0, value: $0.1) },
            secrets: secrets ?? [], reports: reports ?? [], exports: exports ?? [],
            limits: limits ?? .none, runner: runner ?? standardRunner, network: network,
            image: image)
    }
}

extension Shape where Value == [Run.Step] {
    static var steps: Shape {
        Shape<[Run.Step]>.oneOrMany(.either(.scriptStep, or: Run.Step.named))
    }
}

extension Shape where Value == Run.Step {
    fileprivate static var scriptStep: Shape {
        Shape<String>.command.located.map { Run.Step(name: nil, script: $0) }
    }
}

extension Run.Step {
    fileprivate static let named = Shape<Run.Step>.mapping(about: "a step with a name") { keys in
        let name = keys.required("name", .string, about: "what the log calls it")
        let script = keys.required("run", Shape<String>.command.located, about: "its commands")
        guard let name, let script else { return nil }
        return Run.Step(name: name, script: script)
    }
}

extension Shape where Value == String {
    static var command: Shape {
        .text("a command") { text throws(Mistake) in
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw Mistake("the command is empty", hint: "write a command for /bin/sh")
            }
            // Pasted into a script, a branch called `; rm -rf /` would be run.
            if let start = text.firstRange(of: "#{")?.lowerBound {
                let offset = text.unicodeScalars.distance(from: text.startIndex, to: start)
                throw Mistake(
                    "'#{' in a command: values are never pasted into a script", at: offset,
                    hint: "set it under 'environment:' and use it as \"$NAME\"")
            }
            return text
        }
    }
}

extension Shape where Value == [Run.Secret] {
    static var secrets: Shape {
        let secret = SecretName.shape.mentioned(as: .secret)
        let short = Shape<[SecretName]>.oneOrMany(secret).map { names in
            names.map { Run.Secret(secret: $0, asVariable: nil) }
        }
        let full = Shape<[(String, SecretName)]>.dictionary(
            keys: .environmentName, values: secret
        )
        .map { pairs in pairs.map { Run.Secret(secret: $0.1, asVariable: $0.0) } }
        return .either(short, or: full)
    }
}

extension Cache {
    fileprivate static let shape = Shape<Cache>.mapping(about: "a folder kept between executions") {
        keys in
        let path = keys.required("path", .path, about: "the folder, in the workspace")
        let key = keys.required("key", .template, about: "what it is kept under")
        guard let path, let key else { return nil }
        return Cache(path: path, key: key)
    }
}

extension Limits {
    package static let shape = Shape<Limits>.mapping(about: "what an action may use at most") {
        keys in
        let time = keys.optional("time", .duration, about: "how long it may take")
        let memory = keys.optional("memory", .size, about: "memory of all its processes together")
        let processes = keys.optional(
            "processes", .whole(1...1_000_000), about: "how many processes and threads")
        let cpu = keys.optional("cpu", .whole(1...1_024), about: "how many processors")
        let disk = keys.optional("disk", .size, about: "what it may write")
        let output = keys.optional("output", .size, about: "how much log it may print")
        return Limits(
            time: time, memory: memory, processes: processes, cpu: cpu, disk: disk, output: output)
    }
}
