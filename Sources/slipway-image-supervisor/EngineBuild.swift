import Attempts
import Commands
import Docker
import ImageArchives
import Images
import Logins
import Registry
import SmallFiles

/// An image that a Docker Engine builds, brought here as `docker save` writes it.
struct EngineBuild {
    let socket: String
    let house: String
    let build: ImageBuildSpec
    let image: ImageSpec
    let spec: AttemptSpec
    let tree: InputTree
    let errand: Errand
    let purse: Purse
    let stop: StopSignal

    /// `show` is given what the build prints, which the log masks. The Engine builds for one
    /// platform at a time.
    func perform(say: (String) -> Void, show: (String) -> Void) throws -> ImageParts {
        let engine = try DockerEngine(at: socket)
        let context = try context()
        say("building by the Docker Engine, from \(Bytes.text(context.size))")
        let order = order
        guard !build.platforms.isEmpty else {
            return ImageParts(try archive(of: order, context, by: engine, say: say, show: show))
        }
        let archives = try build.platforms.map { platform in
            var order = order
            order.platform = platform
            let mark = build.platforms.count > 1 ? "[\(platform)] " : ""
            var isForeign = false
            do {
                return try archive(of: order, context, by: engine, say: { say("\(mark)\($0)") }) {
                    isForeign = isForeign || $0.contains(Emulation.sign)
                    show("\(mark)\($0)")
                }
            } catch let problem as BuildProblem where isForeign {
                throw Unshippable("\(problem)", hint: Emulation.hint(for: platform))
            }
        }
        return try ImageParts(build, archives)
    }

    private func archive(
        of order: ImageBuild, _ context: BuildContext, by engine: DockerEngine,
        say: (String) -> Void, show: (String) -> Void
    ) throws -> ImageArchive {
        let folder = errand.folder
        let name = BuildName(house: house, owner: folder.path)
        defer { try? engine.remove(name: name) }
        let id = try engine.build(
            order, named: name, of: context, answering: try services(),
            whileTrue: { !stop.isSet }, show: show)
        say("built \(id)")
        return try ImageArchive(in: Scratch(in: folder.path)) { file in
            try engine.save(id, to: file, whileTrue: { !stop.isSet })
        }
    }

    private var order: ImageBuild {
        var order = ImageBuild()
        order.dockerfile = build.dockerfile
        order.target = build.target
        for argument in build.arguments { order.arguments[argument.name] = argument.value }
        for label in image.labels { order.labels[label.name] = label.value }
        order.cacheFrom = build.cacheFrom
        if build.cacheTo != nil { order.cacheKeeping = .inline }
        order.network =
            switch spec.network {
            case .none: .none
            case .outbound: .bridge
            case .host: .host
            }
        order.time = image.committedAt
        return order
    }

    private func services() throws -> SessionServices {
        let secrets = errand.secrets.map { ($0.name, $0.value) }
        return try SessionServices(
            secrets: Dictionary(secrets) { _, last in last }, logins: try logins())
    }

    /// For the registries that the Dockerfile names, and for no others.
    private func logins() throws -> [String: SessionServices.Login] {
        var logins: [String: SessionServices.Login] = [:]
        for base in build.bases {
            let repository = try Reference(parsing: base.reference).repository
            guard logins["\(repository.host)"] == nil,
                let login = try base.login(at: repository, purse, stop)
            else { continue }
            logins["\(repository.host)"] = SessionServices.Login(login)
        }
        return logins
    }

    private func context() throws -> BuildContext {
        let root = try tree.place(of: build.folder)
        let rules = try ignoreRules(in: InputTree(root))
        let salt = ContextSalt.bytes(at: "\(house)/\(ContextSalt.file)")
        let name = [image.repository, build.folder ?? "", build.dockerfile, build.target ?? ""]
        return try BuildContext(
            of: root, named: name.joined(separator: "\n"), time: image.committedAt ?? 0, salt: salt
        ) { path in
            rules.map { $0.keeps(path) || $0.mayKeep(below: path) } ?? true
        }
    }

    private func ignoreRules(in context: InputTree) throws -> IgnoreRules? {
        guard let name = IgnoreRules.files(for: build.dockerfile).first(where: context.has) else {
            return nil
        }
        let text = try SmallFile.text(of: context.place(of: name), limit: 1 << 20)
        return try IgnoreRules(text, dockerfile: build.dockerfile)
    }
}

extension SessionServices.Login {
    fileprivate init(_ login: Login) {
        self.init(user: login.user, password: login.password)
    }
}
