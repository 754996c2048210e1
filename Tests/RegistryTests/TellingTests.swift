import FoundationEssentials
import ImageSupport
import Images
import Registry
import Support
import Synchronization
import Testing

@Suite(
    "What tells about an image", .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)")
)
struct TellingTests {
    private static let materials = "application/spdx+json"
    private static let signature = "application/vnd.example.signature"

    private let registry: TestRegistry

    init() throws { registry = try #require(TestRegistry.running) }

    /// Debian's registry cannot be asked what tells about something.
    @Test func `is found by a tag where the registry cannot be asked for it`() throws {
        let image = try SampleImage.random([1_000])
        let materials = try image.tell(about: image.manifest, as: Self.materials)
        let signature = try image.tell(about: materials.digest, as: Self.signature)
        let pushing = try Pushing(image, at: registry.plain)
        var events: [PushEvent] = []
        let pushed = try pushing.push { events.append($0) }
        #expect(pushed.digest == image.manifest)
        #expect(try pushing.tagged(at: registry.plain) == image.manifest)
        let found = try pushing.client.referrers(of: image.manifest, in: pushing.repository)
        #expect(found.map(\.digest) == [materials.digest])
        #expect(found.map(\.artifactType) == [Self.materials])
        #expect(found.first?.annotation("made.by") == "a test")
        let about = try pushing.client.referrers(of: materials.digest, in: pushing.repository)
        #expect(about.map(\.digest) == [signature.digest])
        // The image's own tag is set when all that tells about it is there.
        let tag = Tag(listing: image.manifest)
        let listed = try #require(
            events.firstIndex(of: .listed(1, about: image.manifest, under: tag)))
        #expect(listed < events.count - 1)
        // It is for programs of others: one of them sees it too.
        let raw = try Program.run([
            "/usr/bin/skopeo", "inspect", "--raw", "--tls-verify=false",
            "docker://\(pushing.repository):\(tag)",
        ])
        #expect(raw.output.contains(materials.digest.description), "\(raw.errors)")
    }

    @Test func `is added to what others have listed, of which every word stays`() throws {
        let image = try SampleImage.random([1_000])
        let first = try Pushing(image, at: registry.plain)
        _ = try first.push()
        // As another program would write it.
        let foreign =
            #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":[{"mediaType":"#
            + #""\#(MediaType.ociManifest)","digest":"\#(image.manifest)","#
            + #""size":\#(try size(image)),"data":"e30=","artifactType":"of/others"}],"#
            + #""annotations":{"kept":"so"}}"#
        let tag = Tag(listing: image.manifest)
        try put(foreign, under: tag, of: first)
        let teller = try image.tell(about: image.manifest, as: Self.materials)
        let proxy = try FaultyProxy(before: registry.plain) { _ in .pass }
        let second = try Pushing(image, at: proxy.host, path: first.repository.path, proxy: proxy)
        for _ in 0..<2 { _ = try second.push() }
        let found = try first.client.manifest(of: Reference(first.repository, tag: tag))
        guard case .manifest(_, _, let bytes) = found else {
            Issue.record("there is no list")
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""data":"e30=""#) && text.contains(#""annotations":{"kept":"so"}"#))
        #expect(
            try first.client.referrers(of: image.manifest, in: first.repository).map(\.digest)
                == [image.manifest, teller.digest])
        // The second time there was nothing to write.
        #expect(second.asked.count { $0.method == "PUT" && $0.target.hasSuffix("/\(tag)") } == 1)
    }

    private func size(_ image: SampleImage) throws -> Int {
        try Data(contentsOf: URL(filePath: image.blob(image.manifest))).count
    }

    private func put(_ text: String, under tag: Images.Tag, of pushing: Pushing) throws {
        try pushing.image.folder.write(text, to: "list.json")
        let put = try Program.run([
            "/usr/bin/python3", "-c",
            """
            import sys, urllib.request
            body = open(sys.argv[2], "rb").read()
            urllib.request.urlopen(urllib.request.Request(sys.argv[1], body,
                {"Content-Type": "application/vnd.oci.image.index.v1+json"}, method="PUT"))
            """, "http://\(registry.plain)/v2/\(pushing.repository.path)/manifests/\(tag)",
            pushing.image.folder.file("list.json"),
        ])
        try #require(put.code == 0, "\(put.errors)")
    }

    /// Debian's registry knows of no referrers, so what it would say is played.
    @Test func `is left to a registry that can be asked for it`() throws {
        let image = try SampleImage.random([1_000])
        let materials = try image.tell(about: image.manifest, as: Self.materials)
        let body = ImageIndex(.ociIndex, of: [.init(materials)]).bytes
        let proxy = try FaultyProxy(before: registry.plain) { asked in
            asked.target.hasSuffix("/referrers/\(image.manifest)")
                ? .answer(
                    200, ["Content-Type": "\(MediaType.ociIndex)"],
                    String(decoding: body, as: UTF8.self)) : .pass
        }
        let pushing = try Pushing(image, through: proxy)
        var events: [PushEvent] = []
        _ = try pushing.push { events.append($0) }
        #expect(events.contains(.listed(1, about: image.manifest, under: nil)))
        #expect(!pushing.asked.contains { $0.target.contains("/sha256-") })
        let put = pushing.asked.filter { $0.method == "PUT" }.map(\.target)
        #expect(put.contains { $0.hasSuffix("/manifests/\(materials.digest)") })
        let found = try pushing.client.referrers(of: image.manifest, in: pushing.repository)
        #expect(found.map(\.digest) == [materials.digest])
    }

    @Test func `is not listed where an image has the place of the list`() throws {
        let image = try SampleImage.random([1_000])
        let first = try Pushing(image, at: registry.plain)
        _ = try first.push(tags: ["\(Tag(listing: image.manifest))"])
        try image.tell(about: image.manifest, as: Self.materials)
        let second = try Pushing(image, at: registry.plain, path: first.repository.path)
        let problem = try #require(try second.problem())
        #expect(problem.problem.hasSuffix("is an image, \(image.manifest)"))
        #expect(try second.tagged(at: registry.plain) == nil)
    }
}
