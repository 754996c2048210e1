import FoundationEssentials
import Glibc
import ImageArchives
import ImageSupport
import Images
import Support
import Tar
import Testing

@Suite("A finished image") struct ImageArchiveTests {
    private static func image(
        _ path: String, named name: String? = nil, scratch: Scratch = Scratch(in: "/tmp")
    ) throws -> ImageContents {
        try ImageParts(ImageArchive(path), named: name).supply(scratch: scratch).whole()
    }

    private static func problem(
        _ path: String, named name: String? = nil, scratch: Scratch = Scratch(in: "/tmp")
    ) -> String? {
        do {
            _ = try image(path, named: name, scratch: scratch)
            return nil
        } catch {
            return (error as? ArchiveProblem)?.problem ?? "\(error)"
        }
    }

    private static func shell(_ script: String) throws {
        let result = try Program.run(["/bin/sh", "-euc", script])
        try #require(result.code == 0, "\(result.errors)")
    }

    /// What `docker save` wrote in its older form: a layer that is there twice is a link.
    static func saved(
        _ layers: [[UInt8]], damaging: Bool = false, architecture: String = "amd64"
    ) throws -> Folder {
        let folder = try Folder()
        let digests = layers.map { Digest(of: damaging ? $0 + [1] : $0) }
        let config = SampleImage.config(
            digests + [digests[0]], architecture: architecture)
        let name = "\(Digest(of: Array(config.utf8)).hex).json"
        var names: [String] = []
        try shell("mkdir \(folder.path)/in")
        try folder.write(config, to: "in/\(name)")
        for (index, layer) in layers.enumerated() {
            try shell("mkdir \(folder.path)/in/l\(index)")
            try Data(layer).write(to: URL(filePath: folder.file("in/l\(index)/layer.tar")))
            names.append("\"l\(index)/layer.tar\"")
        }
        try shell(
            "mkdir \(folder.path)/in/again; ln -s ../l0/layer.tar \(folder.path)/in/again/layer.tar"
        )
        names.append("\"again/layer.tar\"")
        try folder.write(
            "[{\"Config\":\"\(name)\",\"RepoTags\":[\"web:1\"],"
                + "\"Layers\":[\(names.joined(separator: ","))]}]",
            to: "in/manifest.json")
        try shell("tar -C \(folder.path)/in -cf \(folder.path)/image.tar .")
        return folder
    }

    @Test func `in a layout is given byte for byte, from a folder and from an archive`() throws {
        let sample = try SampleImage.random([5_000, 3_000, 5_000])
        try Self.shell("tar -C \(sample.layout) -cf \(sample.folder.path)/image.tar .")
        for path in [sample.layout, sample.folder.file("image.tar")] {
            let image = try Self.image(path)
            #expect(image.digest == sample.manifest)
            #expect(image.blobs.count == 4)
            for blob in image.blobs {
                let bytes = try image.place(blob).bytes(atMost: 9_000)
                #expect(Digest(of: bytes) == blob.digest)
            }
            #expect(try image.config()?.platform?.description == "linux/amd64")
        }
    }

    @Test func `in a layout for several platforms comes with all of them, parts first`() throws {
        let sample = try SampleImage.random([1_000])
        let outer = try sample.wrapInIndex()
        let image = try Self.image(sample.layout)
        #expect(image.manifests.map(\.descriptor.digest) == [sample.manifest, outer])
        #expect(image.digest == outer && image.images == [sample.manifest])
    }

    @Test func `with a manifest that is not what it is called is refused`() throws {
        let sample = try SampleImage.random([1_000])
        try sample.write(Array("{}".utf8), "blobs/sha256/\(sample.manifest.hex)")
        let start = "manifest \(sample.manifest) has other content: sha256:"
        #expect(Self.problem(sample.layout)?.hasPrefix(start) == true)
    }

    @Test func `with a layer that is cut short or a link is refused`() throws {
        let sample = try SampleImage.random([1_000])
        let layer = sample.layers[0]
        try sample.write([1], "blobs/sha256/\(layer.hex)")
        let image = try Self.image(sample.layout)
        let blob = try #require(image.blobs.first { $0.digest == layer })
        #expect(throws: ArchiveProblem.self) { try image.place(blob) }
        try Self.shell("ln -sf /etc/hostname \(sample.blob(layer))")
        #expect(throws: ArchiveProblem.self) { try image.place(blob) }
    }

    @Test func `that was saved gets a manifest, and its layers are compressed, each once`() throws {
        let layers = [SampleImage.noise(600_000, seed: 3), [UInt8](repeating: 7, count: 900_000)]
        let folder = try Self.saved(layers)
        let image = try Self.image(folder.file("image.tar"))
        #expect(image.blobs.count == 3)
        guard case .image(let manifest) = try Manifest(parsing: image.root.bytes) else {
            Issue.record("it is no image")
            return
        }
        #expect(manifest.mediaType == .dockerManifest)
        #expect(manifest.layers.map(\.digest) == [0, 1, 0].map { manifest.layers[$0].digest })
        #expect(manifest.layers[1].size < 9_000)
        for (layer, plain) in zip(manifest.layers, layers) {
            let bytes = try image.place(layer).bytes(atMost: 1 << 20)
            #expect(Digest(of: bytes) == layer.digest)
            try Data(bytes).write(to: URL(filePath: folder.file("layer.gz")))
            try Data(plain).write(to: URL(filePath: folder.file("layer")))
            try Self.shell("gzip -dc \(folder.path)/layer.gz | cmp - \(folder.path)/layer")
        }
        let named = try Self.image(folder.file("image.tar"), named: "web:1")
        #expect(named.digest == image.digest)
    }

    @Test func `that was saved and is damaged is refused`() throws {
        let folder = try Self.saved([[1, 2, 3]], damaging: true)
        let problem = try #require(Self.problem(folder.file("image.tar")))
        #expect(problem.hasPrefix("layer 1 of the archive is sha256:"))
    }

    @Test func `that finds no room for its layers says so`() throws {
        let folder = try Self.saved([SampleImage.noise(600_000, seed: 3)])
        let full = Scratch("a full disk") { unsafe open("/dev/full", O_WRONLY | O_CLOEXEC) }
        #expect(
            Self.problem(folder.file("image.tar"), scratch: full)
                == "cannot keep a compressed layer in 'a full disk': No space left on device")
    }

    @Test func `that nobody waits for any more is given up`() throws {
        let folder = try Self.saved([SampleImage.noise(600_000, seed: 3)])
        let archive = try ImageParts(ImageArchive(folder.file("image.tar")))
        #expect(throws: ArchiveProblem.self) {
            try archive.supply(scratch: Scratch(in: "/tmp"), unless: { true }).whole()
        }
    }

    @Test func `of another name, or none at all, is refused with what there is`() throws {
        let folder = try Self.saved([[1]])
        #expect(
            Self.problem(folder.file("image.tar"), named: "web:2")
                == "the archive has no image 'web:2'")
        try folder.write("{}", to: "none")
        #expect(Self.problem(folder.file("none"))?.hasPrefix("the archive is broken") == true)
        #expect(Self.problem(folder.file("gone")) == "there is no '\(folder.file("gone"))'")
        #expect(
            Self.problem(folder.path)
                == "'\(folder.path)' is neither an OCI layout nor an archive of 'docker save'")
    }
}
