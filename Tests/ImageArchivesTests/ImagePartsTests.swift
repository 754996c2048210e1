import ImageArchives
import ImageSupport
import Images
import Support
import Tar
import Testing

@Suite("An image of several builds") struct ImagePartsTests {
    private static let layers = [
        [UInt8](repeating: 7, count: 90_000), SampleImage.noise(9_000, seed: 5),
    ]

    private static func built(_ folders: [(String, Folder)]) throws -> ImageContents {
        let archives = try folders.map { platform, folder in
            (try Platform(parsing: platform), try ImageArchive(folder.file("image.tar")))
        }
        return try ImageParts(built: archives).supply(scratch: Scratch(in: "/tmp")).whole()
    }

    private static func saved(_ architecture: String, more: [UInt8] = []) throws -> Folder {
        try ImageArchiveTests.saved(
            layers + (more.isEmpty ? [] : [more]), architecture: architecture)
    }

    @Test func `is an index of the OCI with a manifest for each, the same each time`() throws {
        let parts = [
            ("linux/amd64", try Self.saved("amd64")),
            ("linux/aarch64", try Self.saved("arm64", more: [1, 2, 3])),
        ]
        let image = try Self.built(parts)
        #expect(try Self.built(parts).root == image.root)
        guard case .index(let index) = try Manifest(parsing: image.root.bytes) else {
            Issue.record("it is no index")
            return
        }
        #expect(index.mediaType == .ociIndex)
        #expect(index.manifests.map(\.platform?.description) == ["linux/amd64", "linux/arm64"])
        #expect(
            index.manifests.map(\.digest) == image.manifests.dropLast().map(\.descriptor.digest))
        // Two configurations, and each layer once.
        #expect(image.blobs.count == 5)
        for document in image.manifests.dropLast() {
            let manifest = try Manifest(parsing: document.bytes)
            guard case .image(let part) = manifest else { continue }
            #expect(part.config.mediaType == .ociConfig && part.mediaType == .ociManifest)
            #expect(part.layers.allSatisfy { $0.mediaType == .ociLayer })
            for blob in part.layers + [part.config] {
                let bytes = try image.place(blob).bytes(atMost: 1 << 20)
                #expect(Digest(of: bytes) == blob.digest)
            }
        }
    }

    @Test func `lists what a builder has listed already`() throws {
        let sample = try SampleImage.random([1_000])
        try sample.wrapInIndex(for: Platform(parsing: "linux/amd64"))
        let made = try Program.run([
            "/bin/tar", "-C", sample.layout, "-cf", sample.folder.file("image.tar"), ".",
        ])
        #expect(made.code == 0)
        let image = try Self.built([
            ("linux/amd64", sample.folder), ("linux/arm64", try Self.saved("arm64")),
        ])
        guard case .index(let index) = try Manifest(parsing: image.root.bytes) else {
            Issue.record("it is no index")
            return
        }
        #expect(index.manifests.first?.digest == sample.manifest)
        #expect(image.manifests.count == 3)
    }

    @Test func `is refused where one is for another platform than was asked for`() throws {
        let problem = #expect(throws: ArchiveProblem.self) {
            try Self.built([("linux/arm64", try Self.saved("amd64"))])
        }
        #expect(
            problem?.problem == "what was built for linux/arm64 is an image for linux/amd64")
    }
}
