import Assignments
import Attempts
import Pipelines

/// What an image's order needs of this machine, besides what every attempt does.
struct ImagePreparation {
    let spec: ImageSpec
    let access: [HandedSecret]

    init(
        _ order: ImageOrder, on profile: RunnerProfile, _ registries: RegistryAccess,
        secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) {
        let content: ImageSpec.Content =
            switch order.content {
            case .archive(let path): .archive(path: path)
            case .build(let build):
                .build(ImageBuildSpec(build, by: try Self.engine(of: profile)))
            }
        var spec = ImageSpec(content, repository: order.repository)
        spec.labels = order.labels.map(\.spec)
        spec.tags = order.tags
        spec.container = order.container
        spec.failOn = order.failOn?.rawValue
        spec.committedAt = order.committedAt
        (spec.registry, access) = try registries.way(to: order.repository, secret: secret)
        self.spec = spec
    }

    private static func engine(of profile: RunnerProfile) throws(TreeProblem) -> String {
        if let docker = profile.kind.docker { return docker.socket }
        throw TreeProblem(
            "runner '\(profile.name)' has no Docker Engine, which builds images; leave 'runner' "
                + "out, or name one whose profile says 'kind: docker'")
    }
}

extension ImageBuildSpec {
    fileprivate init(_ build: ImageOrder.Build, by socket: String) {
        self.init(by: socket, dockerfile: build.dockerfile)
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
