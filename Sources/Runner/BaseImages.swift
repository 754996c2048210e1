import Assignments
import Attempts
import Glibc
import Images
import Pipelines
import SmallFiles

/// The images that an order's Dockerfile names, how each is reached, and what is handed over for
/// that: the credentials of these registries and of no others.
struct BaseImages {
    private static let longestDockerfile = 1 << 20
    /// Those that read Dockerfiles for BuildKit, and nothing else.
    private static let frontends = [
        "docker.io/docker/dockerfile", "docker.io/docker/dockerfile-upstream",
    ]

    private(set) var specs: [ImageBaseSpec] = []
    private(set) var access: [HandedSecret] = []

    private init() {}

    /// For a build that begins with all of them here, so that each has to be understood.
    static func all(
        of order: ImageOrder, _ build: ImageOrder.Build, in context: String,
        _ network: AttemptSpec.Network, _ registries: RegistryAccess,
        secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) -> BaseImages {
        guard let read = try read(build, in: context) else { return BaseImages() }
        let names = read.all.map(\.reference)
        if let twice = names.first(where: { name in names.count(where: { $0 == name }) > 1 }) {
            throw TreeProblem(
                "the Dockerfile names '\(twice)' for several platforms, and buildah has each image "
                    + "for one; name one of them by its digest")
        }
        return try BaseImages(read, of: order, network, registries, secret: secret)
    }

    /// For an Engine, which fetches them itself and says what is wrong with their names. It asks by
    /// a registry's name alone, so who else reads the Dockerfile could ask for any image there.
    static func known(
        of order: ImageOrder, _ build: ImageOrder.Build, in context: String,
        _ registries: RegistryAccess, secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) -> BaseImages {
        guard let read = try? read(build, in: context) else { return BaseImages() }
        if let frontend = read.frontend, !isOfficial(frontend) {
            let named = read.all.first { registries.knows("\($0.reference)") }
            guard let named else { return BaseImages() }
            throw TreeProblem(
                "the Dockerfile is read by '\(ImageMistake.shown(frontend))', which could ask for "
                    + "anything with the credential for '\(named.reference)'; remove '# syntax', "
                    + "or begin with images that anybody may read")
        }
        return try BaseImages(read, of: order, .none, registries, secret: secret)
    }

    private static func isOfficial(_ frontend: String) -> Bool {
        guard let reference = try? Reference(familiar: frontend) else { return false }
        return frontends.contains("\(reference.repository)")
    }

    private init(
        _ read: DockerfileBases, of order: ImageOrder, _ network: AttemptSpec.Network,
        _ registries: RegistryAccess, secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) {
        let own = order.repository.prefix { $0 != "/" }.lowercased()
        for base in read.all {
            let (repository, host) = (base.reference.repository, base.reference.repository.host)
            var spec = ImageBaseSpec("\(base.reference)")
            spec.platform = base.platform
            let handed: [HandedSecret]
            (spec.registry, handed) = try registries.way(to: "\(repository)", secret: secret)
            // The registry that is pushed to is spoken with in any case.
            spec.isAnywhere =
                registries.knows("\(repository)") || network == .host || "\(host)" == own
            for handed in handed {
                var handed = handed
                if handed.variable == nil {
                    handed = HandedSecret(
                        name: "\(RegistryAccess.credential) \(host)", value: handed.value,
                        variable: nil)
                    spec.credential = handed.name
                }
                if !access.contains(handed) { access.append(handed) }
            }
            specs.append(spec)
        }
    }

    /// Nothing where there is no such file, which is for the builder to say.
    private static func read(
        _ build: ImageOrder.Build, in context: String
    ) throws(TreeProblem) -> DockerfileBases? {
        let path = [build.folder, build.dockerfile].compactMap(\.self).joined(separator: "/")
        var place = context
        for name in path.split(separator: "/") where name != "." {
            place += "/\(name)"
            var status = stat()
            guard name != "..", unsafe lstat(place, &status) == 0 else { return nil }
            // Strangers have made it, and it could lead anywhere on this machine.
            guard status.st_mode & S_IFMT != S_IFLNK else {
                throw TreeProblem(
                    "the Dockerfile '\(path)' lies behind a link, and none is followed; name what "
                        + "the link leads to")
            }
            guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return nil }
        }
        guard let bytes = try? SmallFile.bytes(of: place, limit: longestDockerfile) else {
            return nil
        }
        let arguments = build.arguments.map { ($0.name, $0.value) }
        do throws(ImageMistake) {
            return try DockerfileBases(
                parsing: bytes, arguments: Dictionary(arguments) { _, last in last },
                target: build.target, platform: try platform(of: build))
        } catch {
            throw TreeProblem("\(error)")
        }
    }

    private static func platform(of build: ImageOrder.Build) throws(ImageMistake) -> Platform {
        try build.platforms.first.map { text throws(ImageMistake) in try Platform(parsing: text) }
            ?? .ofThisMachine
    }
}
