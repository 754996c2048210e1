import FoundationEssentials
import ImageArchives
import ImageSupport
import Images
import Testing

@Suite("A layout of several manifests") struct LayoutTests {
    private let sample: SampleImage

    init() throws { sample = try SampleImage.random([1_000]) }

    private func image() throws -> ImageContents {
        try ImageParts(ImageArchive(sample.layout)).supply(scratch: Scratch(in: "/tmp")).whole()
    }

    private func problem() -> String? {
        do {
            _ = try image()
            return nil
        } catch { return (error as? ArchiveProblem)?.problem ?? "\(error)" }
    }

    /// The same image once more, under a digest of its own; `more` are further words of the list.
    private func entry(_ number: Int, _ more: String) throws -> String {
        let bytes = try Data(contentsOf: URL(filePath: sample.blob(sample.manifest)))
        let copy = Array(bytes) + [UInt8](repeating: UInt8(ascii: " "), count: number)
        try sample.keep(copy)
        return #"{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(Digest(of: copy))","#
            + #""size":\#(copy.count)\#(more)}"#
    }

    private func platform(_ system: String, _ architecture: String) -> String {
        #","platform":{"os":"\#(system)","architecture":"\#(architecture)","os.features":["kept"]}"#
    }

    /// With spaces that nobody else would write.
    private func list(_ entries: [String]) throws -> [UInt8] {
        let index = #"{ "schemaVersion": 2, "manifests": [\#(entries.joined(separator: " , "))] }"#
        try sample.write(Array(index.utf8), "index.json")
        return Array(index.utf8)
    }

    @Test func `for platforms is one image, byte for byte, with what attests them`() throws {
        let attested = #","annotations":{"vnd.docker.reference.digest":"\#(sample.manifest)"}"#
        let index = try list([
            entry(1, platform("linux", "amd64")), entry(2, platform("linux", "arm64")),
            entry(3, platform("unknown", "unknown") + attested),
            entry(4, platform("unknown", "unknown") + attested),
        ])
        let image = try image()
        #expect(image.root.bytes == index && image.root.descriptor.mediaType == .ociIndex)
        #expect(image.manifests.count == 5 && image.blobs.count == 2 && image.tellers.isEmpty)
        #expect(image.images == image.manifests.prefix(2).map(\.descriptor.digest))
    }

    @Test func `keeps apart what tells about its image, also through another`() throws {
        let materials = try sample.tell(about: sample.manifest, as: "a/materials")
        let signature = try sample.tell(about: materials.digest, as: "a/signature")
        let image = try image()
        #expect(image.digest == sample.manifest && image.manifests.count == 1)
        #expect(image.tellers.map(\.descriptor) == [materials, signature])
        #expect(image.blobs.contains { $0.size == 2 })
    }

    @Test func `for platforms does not count what tells about one of them`() throws {
        _ = try list([
            entry(1, platform("linux", "amd64")), entry(2, platform("linux", "arm64")),
        ])
        let about = try image().manifests[0].descriptor.digest
        let teller = try sample.tell(about: about, as: "a/signature")
        let told = try image()
        #expect(told.tellers.map(\.descriptor) == [teller])
        guard case .index(let index) = told.root.manifest else {
            Issue.record("it is no index")
            return
        }
        #expect(index.manifests.map(\.platform?.architecture) == ["amd64", "arm64"])
        let text = String(decoding: told.root.bytes, as: UTF8.self)
        #expect(text.ranges(of: #""os.features":["kept"]"#).count == 2)
        #expect(told.digest == Digest(of: told.root.bytes))
    }

    @Test func `with nothing but what tells about another is that`() throws {
        let teller = try sample.tell(about: sample.manifest, as: "a/signature")
        try sample.write(ImageIndex(.ociIndex, of: [.init(teller)]).bytes, "index.json")
        #expect(try image().digest == teller.digest)
    }

    @Test(
        "is refused where nobody can say which is meant",
        arguments: [
            [",", ","], [#","platform":{"os":"linux","architecture":"amd64"}"#, ","],
            [
                #","platform":{"os":"linux","architecture":"amd64"}"#,
                #","platform":{"os":"linux","architecture":"amd64"}"#,
            ],
        ])
    func unclear(more: [String]) throws {
        _ = try list(
            more.enumerated().map { try entry($0 + 1, $1 == "," ? "" : $1) })
        #expect(problem() == "the layout has 2 images")
    }

    @Test func `is refused where one tells about what is not there`() throws {
        let other = try SampleImage.random([500])
        let teller = try other.tell(about: other.manifest, as: "a/signature")
        try sample.keep(Array(Data(contentsOf: URL(filePath: other.blob(teller.digest)))))
        try sample.list(teller)
        #expect(
            problem()
                == "manifest \(teller.digest) of the layout tells about \(other.manifest), "
                + "which is not in it")
    }
}
