import Glibc
import ImageSupport
import Support
import Testing

@Suite(
    "A server that watches a tag", .timeLimit(.minutes(3)),
    .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct ImageSourceTests {
    private struct Scene {
        let tag: WatchedTag
        let server: RunningServer
        let events: ServerEvents

        /// In the registry with TLS and a password, which only the profile has.
        init() throws {
            let registry = try #require(TestRegistry.running)
            tag = WatchedTag(at: registry, isSecured: true)
            let folder = try Folder()
            _ = try Program.run(["/bin/mkdir", folder.file("registries")])
            try folder.write(
                """
                name: ours
                host: \(registry.secured)
                repositories: test/*
                credential: login
                authority: \(registry.authorities)
                """, to: "registries/ours.yml")
            server = try RunningServer(
                in: folder, settings: "poll: 1s\nallow: loopback\nregistries: registries\n")
            try server.setSecret("login", to: "\(registry.user):\(registry.password)")
            events = try server.events()
        }

        func define() throws {
            try server.define(
                "shop",
                """
                name: shop
                sources: { base: { image: "\(tag.name)" } }
                stages:
                  - name: look
                    actions:
                      show:
                        environment:
                          URI: "#{base.uri}"
                          REST: "#{base.digest} #{base.short} #{base.repository} #{base.tag}"
                        run: echo "uri=$URI rest=$REST own=$SLIPWAY_IMAGE"; cat imageDetail.json
                  - name: ship
                    before: [{ approval: {} }]
                    actions: { send: { run: "true" } }
                """)
        }

        func log(of number: Int) throws -> String {
            try server.ask(
                "/api/v1/pipelines/shop/executions/\(number)/attempts/look/1/show/1/log",
                as: server.administrator
            ).body
        }

        func executions() throws -> [Substring] {
            try server.command("executions", "--json").output.split(separator: "\n")
        }
    }

    @Test func `starts an execution with each new image, and its actions see the digest`() throws {
        let scene = try Scene()
        _ = try scene.tag.move()
        try scene.define()
        #expect(scene.events.has("source.seen", "it was there at the first look"))
        let digest = try scene.tag.move()
        #expect(scene.events.has("approval.asked", "shop/1"))
        let (uri, short) = ("\(scene.tag.repository)@\(digest)", digest.prefix(19))
        let log = try scene.log(of: 1)
        let rest = "\(digest) \(short) \(scene.tag.repository) stable"
        #expect(log.contains("uri=\(uri) rest=\(rest) own=\(uri)"), "\(log)")
        #expect(log.contains("\"ImageURI\": \"\(uri)\""), "\(log)")
        #expect(log.contains("\"ImageDigest\": \"\(digest)\""))
        let password = try #require(TestRegistry.running).password
        let found = try Program.run(["/bin/grep", "-raF", password, scene.server.folder.path])
        #expect(found.code == 1, "the password is in \(found.output)")

        let listed = try scene.server.command("executions").output
        #expect(listed.contains(digest.prefix(15)), "\(listed)")
        let approvals = try scene.server.command("approvals").output
        #expect(approvals.contains("shop/1"), "\(approvals)")
        let shown = try scene.server.ask("/api/v1/approvals", as: scene.server.administrator).body
        #expect(
            shown.contains("\"to\":\"\(digest)\",\"ref\":\"stable\",\"known\":false"), "\(shown)")
        let execution = try scene.server.ask(
            "/api/v1/pipelines/shop/executions/1", as: scene.server.administrator
        ).body
        #expect(execution.contains("\"commit\":null,\"image\":\"\(uri)\""), "\(execution)")
        let why = try scene.server.command("why", "shop/1")
        #expect(why.code == 0 && why.output.contains("approval"), "\(why.output)\(why.errors)")
    }

    @Test func `that is killed misses no image and starts none twice`() throws {
        let scene = try Scene()
        _ = try scene.tag.move()
        try scene.define()
        #expect(scene.events.has("source.seen", "it was there at the first look"))
        let server = scene.server
        server.stop(SIGKILL)
        let digest = try scene.tag.move()
        try server.start()
        #expect(try server.events().has("approval.asked", "shop/1"))
        server.stop(SIGKILL)
        try server.start()
        // It has looked again when another image has started one.
        let next = try scene.tag.move()
        #expect(try server.events().has("approval.asked", "shop/2"))
        let all = try scene.executions()
        #expect(all.count == 2)
        #expect(all.last?.contains(digest) == true && all.first?.contains(next) == true, "\(all)")
    }

    @Test func `starts by hand with an image that was under the tag, and with no other`() throws {
        let scene = try Scene()
        let first = try scene.tag.move()
        try scene.define()
        #expect(scene.events.has("source.seen", "it was there at the first look"))
        let noted = try scene.server.command("start", "shop")
        #expect(noted.code == 0, "\(noted.errors)")
        #expect(scene.events.has("approval.asked", "shop/1"))
        let second = try scene.tag.move()
        #expect(scene.events.has("execution.created", "shop/2"))
        let digits = String(first.dropFirst("sha256:".count).prefix(10))
        for word in [digits, first, "stable"] {
            let started = try scene.server.command("start", "shop", "--source", "base=\(word)")
            #expect(started.code == 0, "\(started.errors)")
        }
        let carried = try scene.executions().prefix(3).map { $0.contains(first) }
        #expect(carried == [false, true, true])
        #expect(try scene.executions().first?.contains(second) == true)
        let other = "sha256:\(String(repeating: "0", count: 64))"
        let refused = try scene.server.command("start", "shop", "--source", "base=\(other)")
        #expect(refused.code != 0)
        #expect(refused.errors.contains("was never seen"), "\(refused.errors)")
    }
}

@Suite(
    "A run on this machine with an image for a source",
    .enabled(if: TestRegistry.running != nil, "\(TestRegistry.reason)"))
struct ImageSourceRunTests {
    private let folder: Folder
    private let tag: WatchedTag

    init() throws {
        folder = try Folder()
        tag = WatchedTag(at: try #require(TestRegistry.running))
        try folder.write(
            """
            name: shop
            sources: { base: { image: "\(tag.name)" } }
            stages:
              - name: look
                actions:
                  show: { environment: { URI: "#{base.uri}" }, run: 'echo "uri=$URI"; ls' }
            """, to: "pipeline.yml")
    }

    private func run(_ options: String = "") throws -> Program.Result {
        try Program.run([
            "/bin/sh", "-c", "cd '\(folder.path)' && '\(Slipway.path)' run \(options)",
        ])
    }

    @Test func `asks the registry once what the tag stands for`() throws {
        let digest = try tag.move()
        let ran = try run()
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("uri=\(tag.repository)@\(digest)"), "\(ran.output)")
        #expect(ran.output.contains("imageDetail.json"))
        #expect(ran.output.contains(digest.prefix(19)))
    }

    @Test func `says that there is no such tag, and that an image has no folder`() throws {
        let missing = try run()
        #expect(missing.code != 0)
        #expect(missing.errors.contains("there is no such tag"), "\(missing.errors)")
        let folder = try run("--source base=.")
        #expect(folder.code != 0)
        #expect(folder.errors.contains("is an image and has no folder"), "\(folder.errors)")
    }
}
