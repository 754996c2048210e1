import Images
import Testing

@Suite("A manifest") struct ManifestTests {
    private static let digest = "sha256:" + String(repeating: "a", count: 64)
    private static let piece = #"{"mediaType":"t","digest":"\#(digest)","size":3}"#
    private static let oci = "application/vnd.oci.image.manifest.v1+json"

    private static func read(_ text: String, as type: MediaType? = nil) throws -> Manifest {
        try Manifest(parsing: Array(text.utf8), as: type)
    }

    @Test func `of an image is read, of either kind`() throws {
        for type in [MediaType.ociManifest, .dockerManifest] {
            let text =
                #"{"schemaVersion":2,"mediaType":"\#(type)","config":\#(Self.piece),"#
                + #""layers":[\#(Self.piece)],"annotations":null}"#
            guard case .image(let image) = try Self.read(text) else {
                Issue.record("it is no image")
                return
            }
            #expect(image.mediaType == type)
            #expect(image.layers.map(\.size) == [3])
        }
    }

    @Test func `of several platforms is read`() throws {
        let platform = #"{"os":"linux","architecture":"arm64","variant":"v8"}"#
        let text =
            #"{"schemaVersion":2,"manifests":[{"mediaType":"\#(Self.oci)","digest":"#
            + #""\#(Self.digest)","size":1,"platform":\#(platform)}]}"#
        guard case .index(let index) = try Self.read(text) else {
            Issue.record("it is no index")
            return
        }
        #expect(index.manifests[0].platform?.description == "linux/arm64/v8")
    }

    @Test(
        "that is not clear is refused, in words",
        arguments: [
            ("[]", "the manifest is no JSON object"),
            ("{", "the manifest is not read as JSON: line 1, column 2: a key should begin here"),
            ("{}", "the manifest has schema version none"),
            (#"{"schemaVersion":1}"#, "the manifest has schema version 1"),
            (#"{"schemaVersion":2}"#, "the manifest has no 'config'"),
            (#"{"schemaVersion":2,"config":\#(piece)}"#, "the manifest has no 'layers'"),
            (
                #"{"schemaVersion":2,"layers":[],"manifests":[]}"#,
                "the manifest is an image and an index at once"
            ),
            (
                #"{"schemaVersion":2,"mediaType":"text/html","layers":[]}"#,
                "'text/html' is no manifest of an image"
            ),
            (
                #"{"schemaVersion":2,"config":{"digest":"\#(digest)","size":-1},"layers":[]}"#,
                "'size' of the configuration's descriptor should be no less than 0"
            ),
            (
                #"{"schemaVersion":2,"config":\#(piece),"layers":[{"size":1}]}"#,
                "layer 1 has no 'digest'"
            ),
            (
                #"{"schemaVersion":2,"config":{"digest":"sha512:1","size":1},"layers":[]}"#,
                "'sha512:1' is no digest that is taken here"
            ),
        ])
    func wrong(text: String, problem: String) {
        let mistake = #expect(throws: ImageMistake.self) { try Self.read(text) }
        #expect(mistake?.problem == problem)
    }

    @Test func `that is called something else than it calls itself is refused`() {
        let text = #"{"schemaVersion":2,"mediaType":"\#(Self.oci)"}"#
        let mistake = #expect(throws: ImageMistake.self) {
            try Self.read(text, as: .dockerManifest)
        }
        #expect(mistake?.problem.hasSuffix("calls itself '\(Self.oci)'") == true)
    }

    @Test func `that is made is the same each time, and is read as it was made`() throws {
        let blob = Descriptor(.dockerLayer, Digest(of: [1]), size: 1)
        let made = ImageManifest(.dockerManifest, config: blob, layers: [blob, blob])
        #expect(
            Digest(of: made.bytes).description
                == "sha256:\(Self.known)")
        #expect(try Manifest(parsing: made.bytes, as: .dockerManifest) == .image(made))
    }

    /// Worked out by `sha256sum`.
    private static let known = "46ebf90fc48472faad9dd659725c50b02141d3ba5829ad5e786f115b1a679cbb"

    @Test func `of a layout is chosen by its name, or as the only one`() throws {
        func entry(_ name: String, _ letter: String) -> String {
            let digest = "sha256:" + String(repeating: letter, count: 64)
            return #"{"digest":"\#(digest)","size":1,"annotations":{"#
                + #""org.opencontainers.image.ref.name":"\#(name)"}}"#
        }
        func index(_ entries: String...) throws -> ImageIndex {
            let list = entries.joined(separator: ",")
            guard
                case .index(let index) = try Self.read(
                    #"{"schemaVersion":2,"manifests":[\#(list)]}"#)
            else { throw ImageMistake("no index", hint: "") }
            return index
        }
        let only = try index(entry("a", "a"))
        #expect(try only.chosen(nil) == .image(only.manifests[0]))
        let both = try index(entry("a", "a"), entry("b", "b"))
        #expect(try both.chosen("b") == .image(both.manifests[1]))
        for name in [nil, "c"] {
            let mistake = #expect(throws: ImageMistake.self) { try both.chosen(name) }
            #expect(mistake?.hint == "name one of 'a', 'b'")
        }
    }

    @Test func `'s configuration tells platform, labels and layers, and may leave them out`() throws
    {
        let text =
            #"{"os":"linux","architecture":"amd64","created":"2026-01-01T00:00:00Z","#
            + #""config":{"Labels":{"a":"b"},"Env":null},"#
            + #""rootfs":{"diff_ids":["\#(Self.digest)"]}}"#
        let config = try ImageConfig(parsing: Array(text.utf8))
        #expect(config.platform?.description == "linux/amd64")
        #expect(config.label("a") == "b")
        #expect(config.layers.map(\.description) == [Self.digest])
        let empty = try ImageConfig(parsing: Array(#"{"config":{"Labels":null}}"#.utf8))
        #expect(empty.platform == nil && empty.labels == [] && empty.layers == [])
    }
}
