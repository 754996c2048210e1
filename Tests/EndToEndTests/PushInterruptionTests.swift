import Glibc
import Support
import Synchronization
import Testing

/// A server whose pipeline pushes an image through a proxy that holds its large layer back.
private final class HeldPush: Sendable {
    private static let definition = """
        name: shop
        sources: { app: { git: REPOSITORY, branches: main } }
        stages:
          - name: pack
            actions:
              archive:
                run: |
                  head -c 2000000 /dev/urandom > large; echo hello > small
                  for name in large small; do
                    tar -cf $name.tar --owner=0 --group=0 --mtime=@0 $name
                    eval $name=$(sha256sum $name.tar | cut -d' ' -f1)
                  done
                  printf '{"architecture":"amd64","os":"linux","config":{},
                    "rootfs":{"type":"layers","diff_ids":["sha256:%s","sha256:%s"]}}' \\
                    $large $small > config.json
                  printf '[{"Config":"config.json","RepoTags":["made:1"],
                    "Layers":["large.tar","small.tar"]}]' > manifest.json
                  tar -cf image.tar manifest.json config.json large.tar small.tar
                outputs: { image: image.tar }
          - name: push
            actions:
              send: { image: { archive: image, path: image.tar, repository: PLACE, tags: v1 } }
        """

    private let registry: TestRegistry
    private let repository = "test/\(UInt64.random(in: 0 ... .max))"
    private let proxy: FaultyProxy
    /// The large layer is on its way.
    private let arrived: TestBell
    private let release: TestBell
    /// Something smaller has arrived at the registry.
    private let passed: TestBell

    /// `fate` is what becomes of the large layer when it has been held long enough.
    init(then fate: FaultyProxy.Fate = .pass) throws {
        registry = try #require(TestRegistry.running)
        let (arrived, release, passed) = (try TestBell(), try TestBell(), try TestBell())
        (self.arrived, self.release, self.passed) = (arrived, release, passed)
        let isHolding = Atomic(true)
        proxy = try FaultyProxy(before: registry.plain) { asked in
            if asked.isUpload { passed.ring() }
        } _: { asked in
            let isLarge = asked.isUpload && asked.length > 1_000_000
            guard isLarge, isHolding.exchange(false, ordering: .relaxed) else { return .pass }
            arrived.ring()
            _ = release.hear(milliseconds: 60_000)
            return fate
        }
    }

    /// The server, when all but the large layer is at the registry.
    func begin(_ source: TestRepository) throws -> RunningServer {
        let server = try RunningServer(settings: "folders: \(source.path)\n")
        let text = Self.definition.replacing("REPOSITORY", with: source.path)
            .replacing("PLACE", with: "\(proxy.host)/\(repository)")
        try server.define("shop", text)
        #expect(arrived.hear(milliseconds: 60_000))
        for _ in 0..<2 { #expect(passed.hear()) }
        #expect(try tagged() == nil)
        return server
    }

    func goOn() { release.ring() }

    /// What the registry itself has under the tag.
    func tagged() throws -> String? {
        let told = try Program.run([
            "/usr/bin/skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}",
            "docker://\(registry.plain)/\(repository):v1",
        ])
        return told.code == 0 ? String(told.output.prefix { $0 != "\n" }) : nil
    }

    /// The digests of manifests that were put by their digests, and how often the tag was put.
    var manifests: (digests: [String], tags: Int) {
        let put = proxy.asked.filter { $0.method == "PUT" && $0.target.contains("/manifests/") }
        let names = put.compactMap { $0.target.split(separator: "/").last.map { String($0) } }
        return (names.filter { $0 != "v1" }, names.count { $0 == "v1" })
    }

    /// How often each blob was sent: the large one, and the others.
    var uploads: (large: Int, others: [Int]) {
        var counts: [String: Int] = [:]
        let sent = proxy.asked.filter(\.isUpload)
        for asked in sent where asked.length < 1_000_000 {
            let digest = asked.target.split(separator: "digest=").last ?? ""
            counts[String(digest), default: 0] += 1
        }
        return (sent.count { $0.length > 1_000_000 }, counts.values.sorted())
    }
}

@Suite(
    "A push at a server", .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"),
    .timeLimit(.minutes(3)))
struct PushInterruptionTests {
    @Test func `goes on when the server is killed, and the next one hears of its end`() throws {
        let repository = try TestRepository.sample()
        let push = try HeldPush()
        let server = try push.begin(repository)
        server.stop(SIGKILL)
        try server.start(on: server.port)
        #expect(try push.tagged() == nil)
        push.goOn()
        _ = try server.follow(until: "event: execution.finished")
        try expectPushed(push, at: server)
        #expect(push.uploads == (1, [1, 1]))
    }

    @Test func `begins again when what pushes is killed, and sends only what is missing`() throws {
        let repository = try TestRepository.sample()
        let push = try HeldPush(then: .cut(after: 0, passingOn: false))
        let server = try push.begin(repository)
        let killed = try Program.run(
            ["/usr/bin/python3", "-c", Self.kill, server.folder.file("home")])
        #expect(killed.code == 0 && !killed.output.isEmpty, "\(killed.errors)")
        push.goOn()
        _ = try server.follow(until: "event: execution.finished")
        try expectPushed(push, at: server)
        #expect(push.uploads == (2, [1, 1]))
    }

    private func expectPushed(_ push: HeldPush, at server: RunningServer) throws {
        let shown = try server.ask(
            "/api/v1/pipelines/shop/executions/1", as: server.administrator
        ).body
        #expect(shown.contains("\"status\":\"succeeded\""), "\(shown)")
        let digest = try #require(try push.tagged())
        #expect(push.manifests == ([digest], 1))
    }

    /// Those of the house in the first argument that push.
    private static let kill = """
        import glob, os, sys
        for process in glob.glob("/proc/[0-9]*"):
            try:
                program = os.readlink(process + "/exe")
                words = open(process + "/cmdline").read().split("\\0")
            except OSError: continue
            if program.endswith("/slipway-image-supervisor") and sys.argv[1] in words:
                os.kill(int(process.split("/")[2]), 9)
                print(process)
        """
}
