import Curl
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
        let archive = try archive(dockerfile, files)
        name = BuildName(house: folder.path, owner: "owner")
        return try engine.build(build, named: name, of: archive.part, answering: services) {
            log.append($0)
        }
    }

    func begin(_ dockerfile: String) throws -> (underWay: BuildUnderWay, archive: OpenArchive) {
        let archive = try archive(dockerfile, [:])
        let underWay = try engine.begin(
            build, named: name, of: archive.part, answering: services)
        return (underWay, archive)
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

    private func archive(_ dockerfile: String, _ files: [String: String]) throws -> OpenArchive {
        let base = dockerfile.hasPrefix("FROM") ? "" : "FROM \(TestEngine.image)\n"
        let archive = try OpenArchive(folder.file("context.tar"))
        try archive.write([build.dockerfile: base + dockerfile].merging(files) { $1 })
        return archive
    }
}

/// An archive in a file that is open while it is sent.
final class OpenArchive {
    private let descriptor: Int32
    private var length = 0

    init(_ path: String) throws {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
    }

    deinit { close(descriptor) }

    var part: FilePart { FilePart(descriptor, offset: 0, length: length) }

    private var writer: TarWriter {
        TarWriter { [self] bytes in
            let count = unsafe Glibc.write(descriptor, bytes, bytes.count)
            try #require(count == bytes.count)
            length += count
        }
    }

    func write(treeAt path: String, where isWanted: @escaping (String) -> Bool) throws {
        let writer = writer
        try FolderTar(writer, where: isWanted).add(path)
        try writer.finish()
    }

    func write(_ files: [String: String]) throws {
        let writer = writer
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            try writer.addFile(name, Array(text.utf8))
        }
        try writer.finish()
    }
}
