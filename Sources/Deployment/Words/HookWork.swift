package import Pipelines

/// What a hook of a deployment runs, with every value filled in, as a `Workload` has it: it is run
/// also when its release is put back, when nobody knows any more what a definition once said.
package struct HookWork: Hashable, Sendable, Codable {
    package let steps: [Step]
    package let environment: [String: String]
    package let secrets: [Workload.Secret]
    package let allowance: Workload.Allowance
    /// Of what it prints.
    package let output: Int?
    /// After this long it has failed.
    @Written package var time: Duration
    package let runner: RunnerName
    package let network: Network?
    package let image: String?
    /// What the pipeline calls that which is deployed; nothing if it is no tree of files.
    package let artifact: ArtifactName?

    package struct Step: Hashable, Sendable, Codable {
        package let name: String?
        package let script: String
    }

    package init(_ run: Run, on artifact: ArtifactName?, fill: (Template) -> String) {
        steps = run.steps.map { Step(name: $0.name, script: $0.script.value) }
        environment = Dictionary(
            run.environment.map { ($0.name, fill($0.value)) }, uniquingKeysWith: { $1 })
        secrets = run.secrets.map { .init(name: $0.secret, variable: $0.asVariable) }
        allowance = Workload.Allowance(run.limits)
        output = run.limits.output?.bytes
        _time = Written(wrappedValue: run.limits.time ?? Hook.standardTime)
        runner = run.runner
        network = run.network
        image = run.image.map(fill)
        self.artifact = artifact
    }
}

extension HookWork {
    package var limits: Limits {
        func size(_ bytes: Int?) -> Size? { bytes.map { Size(bytes: $0, description: "\($0)B") } }
        return Limits(
            time: time, memory: size(allowance.memory), processes: allowance.processes,
            cpu: allowance.cpu, disk: size(allowance.disk), output: size(output))
    }
}
