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
    private(set) var stages: [ImageStageSpec] = []
    private(set) var access: [HandedSecret] = []

    private init() {}

    /// For a build that begins with all of them here, so that each has to be understood.
    static func all(
        of order: ImageOrder, _ build: ImageOrder.Build, in context: String,
        _ network: AttemptSpec.Network, _ registries: RegistryAccess,
        secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) -> BaseImages {
        let read = try read(build, in: context)
        for names in read.map({ $0.all.map(\.reference).filter { $0.digest != nil } }) {
            guard let twice = names.first(where: { name in names.count(where: { $0 == name }) > 1 })
            else { continue }
            throw TreeProblem(
                "the Dockerfile names '\(twice)' for several platforms, and buildah finds it for "
                    + "one; name it by a tag, or by the digest that it has for each platform")
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
        if let frontend = read.first?.frontend, !isOfficial(frontend) {
            let named = read.flatMap(\.all).first { registries.knows("\($0.reference)") }
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
        _ read: [DockerfileBases], of order: ImageOrder, _ network: AttemptSpec.Network,
        _ registries: RegistryAccess, secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) {
        let own = order.repository.prefix { $0 != "/" }.lowercased()
        for (target, read) in read.enumerated() where read.isMixed {
            stages += read.stages.map {
                ImageStageSpec(target: target, line: $0.line, platform: "\($0.platform)")
            }
        }
        for (base, targets) in Self.needs(of: read) {
            let (repository, host) = (base.reference.repository, base.reference.repository.host)
            var spec = ImageBaseSpec("\(base.reference)", for: "\(base.platform)")
            spec.targets = targets
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

    /// Each image once, and for which of the platforms it is needed.
    private static func needs(
        of read: [DockerfileBases]
    ) -> [(base: DockerfileBases.Base, targets: [Int])] {
        var needs: [(base: DockerfileBases.Base, targets: [Int])] = []
        for (target, read) in read.enumerated() {
            for base in read.all {
                if let index = needs.firstIndex(where: { $0.base == base }) {
                    needs[index].targets.append(target)
                } else {
                    needs.append((base, [target]))
                }
            }
        }
        return needs
    }

    /// What it says for each platform of the build. Nothing where there is no such file, which is
    /// for the builder to say.
    private static func read(
        _ build: ImageOrder.Build, in context: String
    ) throws(TreeProblem) -> [DockerfileBases] {
        let path = [build.folder, build.dockerfile].compactMap(\.self).joined(separator: "/")
        var place = context
        for name in path.split(separator: "/") where name != "." {
            place += "/\(name)"
            var status = stat()
            guard name != "..", unsafe lstat(place, &status) == 0 else { return [] }
            // Strangers have made it, and it could lead anywhere on this machine.
            guard status.st_mode & S_IFMT != S_IFLNK else {
                throw TreeProblem(
                    "the Dockerfile '\(path)' lies behind a link, and none is followed; name what "
                        + "the link leads to")
            }
            guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return [] }
        }
        guard let bytes = try? SmallFile.bytes(of: place, limit: longestDockerfile) else {
            return []
        }
        let arguments = build.arguments.map { ($0.name, $0.value) }
        do throws(ImageMistake) {
            return try platforms(of: build).map { platform throws(ImageMistake) in
                try DockerfileBases(
                    parsing: bytes, arguments: Dictionary(arguments) { _, last in last },
                    target: build.target, for: platform)
            }
        } catch {
            throw TreeProblem("\(error)")
        }
    }

    private static func platforms(
        of build: ImageOrder.Build
    ) throws(ImageMistake) -> [Platform] {
        guard !build.platforms.isEmpty else { return [.ofThisMachine] }
        return try build.platforms.map { text throws(ImageMistake) in try Platform(parsing: text) }
    }
}
