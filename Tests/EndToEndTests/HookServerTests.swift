import Cryptography
import Support
import Testing

/// A server that asks nobody by itself: what it sees it was told of.
@Suite("A server that forges tell of pushes", .timeLimit(.minutes(2))) struct HookServerTests {
    private struct Scene {
        static let secret = "It's a Secret to Everybody"

        let repository: TestRepository
        let daemon: InetdServer
        let server: RunningServer
        let events: ServerEvents

        /// The first look has been, and nobody looks again for an hour.
        init() throws {
            repository = try TestRepository.sample()
            daemon = try InetdServer()
            try daemon.serve([
                "/usr/bin/env", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory",
                "GIT_CONFIG_VALUE_0=*", "/usr/bin/git", "daemon", "--inetd", "--export-all",
                "--base-path=\(repository.folder.path)",
            ])
            let address = "git://127.0.0.1:\(daemon.port)/repository"
            server = try RunningServer(
                settings: """
                    poll: 1h
                    allow: loopback
                    hooks: { shop: { git: "\(address)", secrets: forge } }
                    """)
            try server.setSecret("forge", to: "\(Self.secret)\n")
            try server.define(
                "shop",
                """
                name: shop
                sources: { app: { git: "\(address)", branches: [main] } }
                stages: [{ name: build, actions: { make: { run: "true" } } }]
                """)
            events = try server.events()
            try #require(events.has("execution.finished", "shop/1"))
        }

        /// The body of a push that is the newest commit.
        func push() throws -> String {
            let commit = try repository.id("HEAD")
            return "{\"ref\":\"refs/heads/main\",\"before\":\"\(commit)\",\"after\":\"\(commit)\","
                + "\"pusher\":{\"name\":\"grace\"},\"repository\":{\"full_name\":\"ada/shop\"}}"
        }

        /// Sends it with the headers that GitHub documents, and returns the status.
        func deliver(
            _ body: String, id: String, event: String = "push", to name: String = "shop",
            signedWith secret: String = secret
        ) throws -> Int {
            let code = HMAC.sha256(Array(body.utf8), key: Array(secret.utf8))
            let headers = [
                "User-Agent: GitHub-Hookshot/044aadd", "X-GitHub-Event: \(event)",
                "X-GitHub-Delivery: \(id)",
                "X-Hub-Signature-256: sha256=\(Hex.text(of: code))",
            ]
            return try server.ask(
                "POST", "/api/v1/sources/\(name)/hook/github", Array(body.utf8),
                headers: headers.map { "\($0)\r\n" }.joined()
            ).status
        }
    }

    @Test func `a push is seen when a signed delivery comes, and a repeated one changes nothing`()
        throws
    {
        let scene = try Scene()
        defer { scene.daemon.stop() }
        let looks = scene.daemon.connections
        try scene.repository.commit("Say more")
        let body = try scene.push()
        #expect(try scene.deliver(body, id: "1", signedWith: "another") == 401)
        let ping = "{\"zen\":\"Speak like a human.\"}"
        #expect(try scene.deliver(ping, id: "2", event: "ping") == 204)
        #expect(try scene.deliver(body, id: "3") == 202)
        #expect(try scene.deliver(body, id: "3") == 200)
        #expect(scene.events.has("execution.finished", "shop/2"))
        let execution = try scene.server.ask(
            "/api/v1/pipelines/shop/executions/2", as: scene.server.administrator
        ).body
        #expect(execution.contains(try scene.repository.id("HEAD")))
        #expect(execution.contains("\"grace\""))

        // One more is looked at once more, so what was refused or repeated was not.
        try scene.repository.commit("Say even more")
        #expect(try scene.deliver(scene.push(), id: "4") == 202)
        #expect(scene.events.has("execution.finished", "shop/3"))
        #expect(scene.daemon.connections == looks + 2)
    }

    @Test func `a delivery that is refused is told of in the journal, and to nobody else`() throws {
        let scene = try Scene()
        defer { scene.daemon.stop() }
        for id in 1...3 {
            #expect(try scene.deliver("{}", id: "\(id)", signedWith: "another") == 401)
        }
        #expect(try scene.deliver("{}", id: "4", to: "no") == 401)
        let wrong = try scene.server.told("a delivery was refused")
        #expect(wrong.contains("the delivery's signature is wrong\""))
        #expect(wrong.contains("\"hook\":\"shop\""))
        // The other two are counted, and told together when a minute is over.
        let unknown = try scene.server.told("a delivery was refused")
        #expect(unknown.contains("there is no hook of this name"))
        #expect(unknown.contains("\"hook\":\"no\""))
    }
}
