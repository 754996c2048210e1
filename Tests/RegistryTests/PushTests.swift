import Curl
import ImageArchives
import ImageSupport
import Images
import Registry
import Support
import Testing

@Suite("A push", .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct PushTests {
    private let registry: TestRegistry

    init() throws { registry = try #require(TestRegistry.running) }

    @Test func `brings an image to a registry, and another client pulls the same digests`() throws {
        let pushing = try Pushing(.random([300_000, 0, 70_000]), at: registry.plain)
        let pushed = try pushing.push(tags: ["v1", "latest"])
        #expect(pushed.digest == pushing.image.manifest)
        #expect(pushed.skipped == 0)
        let copy = pushing.image.folder.file("copy")
        let skopeo = try Program.run([
            "/usr/bin/skopeo", "--insecure-policy", "copy", "-q", "--preserve-digests",
            "--src-tls-verify=false",
            "docker://\(pushing.repository):latest", "oci:\(copy):latest",
        ])
        #expect(skopeo.code == 0, "\(skopeo.errors)")
        for digest in [pushing.image.manifest] + pushing.image.layers {
            let same = try Program.run([
                "/usr/bin/cmp", pushing.image.blob(digest), "\(copy)/blobs/sha256/\(digest.hex)",
            ])
            #expect(same.code == 0, "\(same.output)\(same.errors)")
        }
    }

    @Test func `sends nothing that is there`() throws {
        let pushing = try Pushing(.random([200_000, 100_000]), at: registry.plain)
        _ = try pushing.push()
        var events: [PushEvent] = []
        let again = try pushing.push { events.append($0) }
        #expect(again.sent == 0)
        #expect(again.skipped == (try pushing.supply.whole().size))
        let tag = try Tag(parsing: "v1")
        #expect(events.last == .tag(tag, wasThere: true, insteadOf: nil))
    }

    @Test func `tells what a tag was before`() throws {
        let first = try Pushing(.random([1_000]), at: registry.plain)
        _ = try first.push()
        let second = try Pushing(.random([1_000]), at: registry.plain, path: first.repository.path)
        var last: PushEvent?
        _ = try second.push { last = $0 }
        let tag = try Tag(parsing: "v1")
        #expect(last == .tag(tag, wasThere: false, insteadOf: first.image.manifest))
    }

    @Test func `in small pieces is the same image`() throws {
        var pushing = try Pushing(.random([1_000_000]), at: registry.plain)
        pushing.profile.piece = 99_999
        let pushed = try pushing.push()
        #expect(try pushing.tagged(at: registry.plain) == pushed.digest)
    }

    @Test func `goes by TLS and with a password`() throws {
        var pushing = try Pushing(.random([200_000]), at: registry.secured)
        pushing.profile = RegistryRoute(
            pushing.repository.host, authorities: registry.authorities,
            login: Login(user: registry.user, password: registry.password))
        let pushed = try pushing.push()
        let found = try pushing.client.manifest(of: pushed.reference)
        guard case .manifest(let digest, let type, _) = found else {
            Issue.record("there is no manifest")
            return
        }
        #expect(digest == pushing.image.manifest)
        #expect(type == .ociManifest)
    }

    @Test func `by TLS to whom nobody vouches for is refused`() throws {
        var pushing = try Pushing(.random([1_000]), at: registry.secured)
        pushing.profile = RegistryRoute(pushing.repository.host, transport: .tls(.system))
        let problem = try #require(try pushing.problem())
        #expect(problem.kind == .unsafe)
        #expect(problem.hint == "name the file of the authority that signed its certificate")
    }

    @Test(
        "with a wrong password, or none, is refused in words that show none",
        arguments: [("ada", "wrong-word"), ("eve", "wrong-word"), nil])
    func denied(user: (String, String)?) throws {
        var pushing = try Pushing(.random([1_000]), at: registry.secured)
        pushing.profile = RegistryRoute(
            pushing.repository.host, authorities: registry.authorities,
            login: user.map { Login(user: $0.0, password: $0.1) })
        let problem = try #require(try pushing.problem())
        #expect(problem.kind == .denied)
        #expect(!"\(problem)".contains("wrong-word"))
        #expect(pushing.clock.waits.isEmpty)
    }

    @Test func `of an archive whose content is not what it is called tags nothing`() throws {
        let pushing = try Pushing(.random([100_000]), at: registry.plain)
        let layer = pushing.image.layers[0]
        try pushing.image.write(
            SampleImage.noise(100_000, seed: 7), "blobs/sha256/\(layer.hex)")
        let problem = try #require(try pushing.problem())
        #expect(problem.kind == .damaged)
        #expect(problem.problem.contains("what is called \(layer) in the archive is sha256:"))
        #expect(try pushing.tagged(at: registry.plain) == nil)
    }
}
