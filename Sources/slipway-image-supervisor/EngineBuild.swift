import Attempts
import Curl
import Docker
import Glibc
import ImageArchives
import Registry
import SmallFiles
import Tar

/// An image that a Docker Engine builds, brought here as `docker save` writes it.
struct EngineBuild {
    let socket: String
    let house: String
    let build: ImageBuildSpec
    let image: ImageSpec
    let spec: AttemptSpec
    let tree: InputTree
    let errand: Errand
    let stop: StopSignal

    /// `show` is given what the build prints, which the log masks.
    func perform(
        say: (String) -> Void, show: (String) -> Void
    ) throws -> ImageArchive {
        let engine = try DockerEngine(at: socket)
        let folder = errand.folder
        let name = BuildName(house: house, owner: folder.path)
        let context = try context(in: folder)
        say("building by the Docker Engine, from \(Bytes.text(context.part.length))")
        defer { try? engine.remove(name: name) }
        let id = try engine.build(
            order, named: name, of: context.part, answering: try services(),
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
        order.platforms = build.platforms
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
        return try SessionServices(secrets: Dictionary(secrets) { _, last in last })
    }

    /// The files that are built, in one without a name.
    private func context(in folder: AttemptFolder) throws -> Context {
        let root = try tree.place(of: build.folder)
        let rules = try ignoreRules(in: InputTree(root))
        let context = try Context(in: folder.path)
        let writer = TarWriter(time: image.committedAt ?? 0) { bytes in try context.add(bytes) }
        try FolderTar(writer) { path in
            rules.map { $0.keeps(path) || $0.mayKeep(below: path) } ?? true
        }.add(root)
        try writer.finish()
        return context
    }

    private func ignoreRules(in context: InputTree) throws -> IgnoreRules? {
        guard let name = IgnoreRules.files(for: build.dockerfile).first(where: context.has) else {
            return nil
        }
        let text = try SmallFile.text(of: context.place(of: name), limit: 1 << 20)
        return try IgnoreRules(text, dockerfile: build.dockerfile)
    }
}

/// An archive of what is built, as long as somebody sends it.
private final class Context {
    private let descriptor: Int32
    private var length = 0

    init(in folder: String) throws {
        let path = "\(folder)/context.tar"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileProblem.last }
        unsafe unlink(path)
    }

    deinit { close(descriptor) }

    var part: FilePart { FilePart(descriptor, offset: 0, length: length) }

    func add(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { space in
                unsafe write(descriptor, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileProblem.last }
            rest = rest.dropFirst(count)
            length += count
        }
    }
}
