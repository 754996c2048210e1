import Docker
import FoundationEssentials
import Glibc
import Support
import Tar
import Testing

/// A build by the tests' own Engine, of files that are given as text.
final class TestBuild {
    let engine: DockerEngine
    let folder: Folder
    /// That of the last image; each has its own.
    private(set) var name: BuildName
    var build = ImageBuild()
    var services: SessionServices
    private(set) var log: [String] = []

    init(secrets: [String: String] = [:]) throws {
        engine = try DockerEngine(at: try #require(TestEngine.socket))
        folder = try Folder()
        name = BuildName(house: folder.path, owner: "owner")
        services = try SessionServices(secrets: secrets.mapValues { Array($0.utf8) })
    }

    deinit { try? engine.sweepBuilds(house: folder.path, keeping: { [] }) }

    var text: String { log.joined(separator: "\n") }

    /// The image's id. A Dockerfile that begins with a command is one of busybox.
    @discardableResult
    func run(_ dockerfile: String, and files: [String: String] = [:]) throws -> String {
        let context = try context(dockerfile, files)
        name = BuildName(house: folder.path, owner: "owner")
        return try engine.build(build, named: name, of: context, answering: services) {
            log.append($0)
        }
    }

    func begin(_ dockerfile: String) throws -> BuildUnderWay {
        try engine.begin(
            build, named: name, of: context(dockerfile, [:]), answering: services)
    }

    /// The image as `docker save` gives it.
    func saved(_ image: String) throws -> TarIndex {
        let file = unsafe open(folder.file("saved"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(file) }
        try engine.save(image, to: file)
        return try TarIndex(of: ReadableFile(folder.file("saved")))
    }

    /// What is said of the image in itself, as text.
    func config(of image: String) throws -> String {
        let id = try #require(image.split(separator: ":").last)
        let bytes = try saved(image).place("\(id).json").bytes(atMost: 1 << 20)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Files that are named by their paths, and nothing else.
    func context(
        of files: [String: String], where isWanted: @escaping (String) -> Bool = { _ in true }
    ) throws -> BuildContext {
        let root = folder.file("context")
        try? FileManager.default.removeItem(atPath: root)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        for (name, text) in files {
            let parent = URL(filePath: "\(root)/\(name)").deletingLastPathComponent()
            try FileManager.default.createDirectory(
                at: parent, withIntermediateDirectories: true)
            try folder.write(text, to: "context/\(name)")
        }
        return try BuildContext(
            of: root, named: folder.path, salt: Array("salt".utf8), where: isWanted)
    }

    private func context(
        _ dockerfile: String, _ files: [String: String]
    ) throws -> BuildContext {
        let base = dockerfile.hasPrefix("FROM") ? "" : "FROM \(TestEngine.image)\n"
        return try context(of: [build.dockerfile: base + dockerfile].merging(files) { $1 })
    }
}
