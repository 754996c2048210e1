import Assignments
import Attempts
import Glibc
import Pipelines
import Sandbox

/// What an image's order needs of this machine, besides what every attempt does.
struct ImagePreparation {
    let spec: ImageSpec
    let access: [HandedSecret]

    init(
        _ order: ImageOrder, on profile: RunnerProfile, of attempt: AttemptSpec, house: String,
        _ facts: HostFacts, _ registries: RegistryAccess, keeping cache: BuildCacheKey?,
        secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) {
        var baseAccess: [HandedSecret] = []
        let content: ImageSpec.Content
        switch order.content {
        case .archive(let path): content = .archive(path: path)
        case .build(let build):
            var made = ImageBuildSpec(
                build, by: try Self.builder(of: build, profile, house: house, facts))
            let context = attempt.layers.first ?? ""
            let bases =
                made.builder == .buildah
                ? try BaseImages.all(
                    of: order, build, in: context, attempt.network, registries, secret: secret)
                : try BaseImages.known(of: order, build, in: context, registries, secret: secret)
            made.bases = bases.specs
            made.stages = bases.stages
            made.baseMemory = "\(house)/bases"
            if made.builder == .buildah { made.cache = cache?.spec(house: house) }
            baseAccess = bases.access
            content = .build(made)
        }
        var spec = ImageSpec(content, repository: order.repository)
        spec.labels = order.labels.map(\.spec)
        spec.tags = order.tags
        spec.container = order.container
        spec.failOn = order.failOn?.rawValue
        spec.committedAt = order.committedAt
        spec.memory = "\(house)/layers"
        let own: [HandedSecret]
        (spec.registry, own) = try registries.way(to: order.repository, secret: secret)
        access = own + baseAccess.filter { !own.contains($0) }
        self.spec = spec
    }

    /// A runner of containers has an Engine. Another one has buildah, in its sandbox.
    private static func builder(
        of build: ImageOrder.Build, _ profile: RunnerProfile, house: String, _ facts: HostFacts
    ) throws(TreeProblem) -> ImageBuildSpec.Builder {
        if let docker = profile.kind.docker {
            return .engine(socket: docker.socket, house: house)
        }
        let other = "or name a runner whose profile says 'kind: docker'"
        guard facts.buildah != nil else {
            throw TreeProblem(
                "buildah, which builds images on runner '\(profile.name)', is not installed; "
                    + "apt-get install buildah, \(other)")
        }
        return .buildah
    }
}

extension RunnerProfile {
    /// The runner that builds: an image that this machine's own Engine is to build is built in the
    /// sandbox where there is none.
    func builder(
        of assignment: Assignment, orElse own: RunnerProfile?, _ facts: HostFacts
    ) -> RunnerProfile {
        guard case .build = assignment.order?.content, let docker = kind.docker, docker.isAssumed,
            let own,
            ImageBuilder.chosen(
                hasEngine: unsafe access(docker.socket, R_OK | W_OK) == 0,
                hasBuildah: facts.buildah != nil) == .buildah
        else { return self }
        return own
    }
}

extension ImageBuildSpec {
    fileprivate init(_ build: ImageOrder.Build, by builder: Builder) {
        self.init(by: builder, dockerfile: build.dockerfile)
        folder = build.folder
        target = build.target
        arguments = build.arguments.map(\.spec)
        platforms = build.platforms
        cacheFrom = build.cacheFrom
        cacheTo = build.cacheTo
    }
}

extension ImageOrder.Setting {
    fileprivate var spec: ImageSpec.Setting { .init(name: name, value: value) }
}
