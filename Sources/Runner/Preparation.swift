import Assignments
import Attempts
import Engine
import Pipelines
import Sandbox

/// An assignment, made into what a supervisor needs to know.
struct Preparation {
    let spec: AttemptSpec
    let harvest: Harvest
    let secrets: [HandedSecret]

    init(
        _ assignment: Assignment, profile: RunnerProfile, trees: some Trees, slot: Int?,
        facts: HostFacts, filter: String, secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) {
        var spec = AttemptSpec(
            id: "\(assignment.attempt)",
            steps: assignment.steps.map { .init(name: $0.name, script: $0.script.value) },
            filter: filter)
        spec.environment = profile.environment.merging(assignment.environment) { $1 }
        do throws(RunnerRefusal) {
            spec.network = try profile.network(asked: assignment.network).spec
            spec.limits = try profile.limits(asked: assignment.limits).spec
        } catch {
            throw TreeProblem(error.description)
        }
        for (index, input) in assignment.inputs.enumerated() {
            let folder =
                switch input.content {
                case .revision(let revision): try trees.folder(of: revision)
                case .artifact(let artifact): try trees.folder(of: artifact)
                }
            if index == 0 {
                spec.layers.append(folder)
            } else {
                spec.inputs.append(.init(name: input.name, path: folder))
            }
        }
        // A cache is laid over the workspace, and not mounted in it: nothing is ever mounted below
        // a folder that a stage has written.
        var empty: [CacheKey] = []
        var found: [String] = []
        for cache in assignment.caches {
            let keys = CacheKey.all(for: cache, in: assignment.attempt.visit.execution.pipeline)
            let folders = keys.map(trees.folder(ofCache:))
            found += folders.compactMap(\.self).prefix(1)
            if let own = keys.first, folders.first == .some(nil) { empty.append(own) }
        }
        spec.layers = found + spec.layers
        spec.readOnly = profile.readOnly
        spec.slot = slot
        var harvest = Harvest()
        harvest.outputs = assignment.outputs.map {
            .init(name: $0.name.value.description, path: $0.path)
        }
        harvest.exports = assignment.exports.map(\.description)
        harvest.layers = spec.layers
        harvest.boot = HostFacts.boot
        harvest.caches = empty
        harvest.reports = assignment.reports.map(\.text)
        harvest.secrets = assignment.secrets.map { "\($0.secret)" }
        var secrets: [HandedSecret] = []
        for wanted in assignment.secrets {
            guard let value = secret(wanted.secret) else {
                throw TreeProblem("there is no secret '\(wanted.secret)' here")
            }
            secrets.append(
                HandedSecret(
                    name: "\(wanted.secret)", value: value, variable: wanted.asVariable))
        }
        self.spec = spec
        self.harvest = harvest
        self.secrets = secrets
    }
}

extension Network {
    fileprivate var spec: AttemptSpec.Network {
        switch self {
        case .none: .none
        case .outbound: .outbound
        case .host: .host
        }
    }
}

extension Limits {
    fileprivate var spec: AttemptSpec.Limits {
        .init(
            milliseconds: time.map(\.milliseconds), memory: memory?.bytes, processes: processes,
            cpu: cpu.map { $0 * 100 }, disk: disk?.bytes, output: output?.bytes)
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}

extension CacheKey {
    /// Where a cache is looked for, one after the other. The first is where it is kept.
    fileprivate static func all(for cache: Assignment.Cache, in pipeline: PipelineName) -> [Self] {
        cache.lines.map { line in
            Self(pipeline: "\(pipeline)", line: line, path: cache.path, key: cache.key)
        }
    }
}
