import Assignments
import Attempts
import Engine
import Pipelines
import Sandbox

/// An assignment, made into what a supervisor needs to know.
struct Preparation {
    let spec: AttemptSpec
    let harvest: Harvest
    private let secrets: [HandedSecret]
    private let access: [HandedSecret]

    init(
        _ assignment: Assignment, profile: RunnerProfile, trees: some Trees, slot: Int?,
        house: String, filter: String, _ facts: HostFacts, _ registries: RegistryAccess,
        secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) {
        var spec = AttemptSpec(
            id: "\(assignment.attempt)",
            steps: assignment.steps.map { .init(name: $0.name, script: $0.script.value) },
            filter: profile.kind == .process ? filter : "")
        spec.environment = profile.environment.merging(assignment.environment) { $1 }
        try spec.allow(assignment, profile, house: house)
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
        let caches = CacheLayers(for: assignment, in: trees)
        spec.layers = caches.found + spec.layers
        spec.readOnly = profile.readOnly
        spec.slot = slot
        let image = try assignment.order.map { order throws(TreeProblem) in
            try ImagePreparation(
                order, on: profile, of: spec, house: house, facts, registries,
                keeping: BuildCacheKey(assignment), secret: secret)
        }
        spec.image = image?.spec
        spec.image?.outputs = assignment.outputs.first?.path
        access = image?.access ?? []
        self.spec = spec
        // What is told of an image is written beside its sources, and not over them.
        let layers = assignment.order == nil ? spec.layers : []
        harvest = Harvest(of: assignment, over: layers, keeping: caches.empty)
        secrets = try assignment.secrets.map { wanted throws(TreeProblem) in
            guard let value = secret(wanted.secret) else {
                throw TreeProblem("there is no secret '\(wanted.secret)' here")
            }
            return HandedSecret(
                name: "\(wanted.secret)", value: value, variable: wanted.asVariable)
        }
    }

    func errand(in folder: AttemptFolder) -> Errand {
        Errand(folder: folder, secrets: secrets, access: access)
    }
}

/// What an attempt finds of the caches that it asks for.
private struct CacheLayers {
    var found: [String] = []
    /// Those that are to be kept when it has succeeded.
    var empty: [CacheKey] = []

    init(for assignment: Assignment, in trees: some Trees) {
        for cache in assignment.caches {
            // Looked for one after the other; the first is where it is kept.
            let keys = cache.lines.map { line in
                CacheKey(
                    pipeline: "\(assignment.attempt.visit.execution.pipeline)", line: line,
                    path: cache.path, key: cache.key)
            }
            let folders = keys.map(trees.folder(ofCache:))
            found += folders.compactMap(\.self).prefix(1)
            if let own = keys.first, folders.first == .some(nil) { empty.append(own) }
        }
    }
}

extension Harvest {
    fileprivate init(of assignment: Assignment, over layers: [String], keeping caches: [CacheKey]) {
        self.init()
        outputs = assignment.outputs.map {
            .init(name: $0.name.value.description, path: $0.path)
        }
        exports = assignment.exports.map(\.description)
        self.layers = layers
        boot = HostFacts.boot
        self.caches = caches
        reports = assignment.reports.map(\.text)
        secrets = assignment.secrets.map { "\($0.secret)" }
    }
}
