import Support
import Testing

@Suite("A server that knows what was fetched", .timeLimit(.minutes(2)))
struct ShippingServerTests {
    private struct Scene {
        let repository: TestRepository
        let server: RunningServer
        let events: ServerEvents
        static let executions = "/api/v1/pipelines/shop/executions"

        init() throws {
            repository = try TestRepository.sample()
            server = try RunningServer(settings: "poll: 1h\nfolders: \(repository.path)\n")
            try server.define(
                "shop",
                """
                name: shop
                sources: { app: { git: \(repository.path), branches: [main] } }
                stages:
                  - { name: build, actions: { make: { run: "true" } } }
                  - name: prod
                    before: [{ approval: {} }]
                    actions: { send: { run: "true" } }
                """)
            events = try server.events()
            try #require(events.has("approval.asked", "shop/1"))
        }

        /// The one question that is asked.
        func question() throws -> String {
            try server.ask("/api/v1/approvals", as: server.administrator).body
        }

        func start(_ revision: String) throws -> RunningServer.Answer {
            try server.ask(
                "POST", Self.executions, as: server.administrator,
                Array("{\"revisions\":{\"app\":\(revision)}}".utf8))
        }

        func revision(of number: Int) throws -> String {
            try server.ask("\(Self.executions)/\(number)", as: server.administrator).body
        }
    }

    @Test func `an approval shows the commits and files since what is there`() throws {
        let scene = try Scene()
        let first = try scene.question()
        let id = try #require(first.split(separator: "\"id\":\"").dropFirst().first)
        let subject = try #require(first.split(separator: "\"subject\":\"").dropFirst().first)
        let verdict =
            "{\"verdict\":\"approve\",\"subject\":\"\(subject.prefix { $0 != "\"" })\"}"
        let answer = try scene.server.ask(
            "POST", "/api/v1/approvals/\(id.prefix { $0 != "\"" })",
            as: scene.server.administrator, Array(verdict.utf8))
        #expect(answer.status == 200, "\(answer.body)")
        #expect(scene.events.has("execution.finished", "shop/1"))
        // All at once, as one push brings them.
        try scene.repository.shell(
            """
            git checkout -q -b work
            echo a > a; git add a; git commit -q -m 'Add a'
            echo b > b; git add b; git commit -q -m 'Add b'
            git branch -f main work
            """)
        #expect(scene.events.has("approval.asked", "shop/2"))
        let shown = try scene.question()
        #expect(shown.contains("\"known\":true,\"cut\":false"))
        let (b, a) = try (scene.repository.id("main"), scene.repository.id("main~1"))
        let subjects = [
            "{\"id\":\"\(b)\",\"subject\":\"Add b\",\"author\":\"Ada Example\"",
            "{\"id\":\"\(a)\",\"subject\":\"Add a\",\"author\":\"Ada Example\"",
        ]
        #expect(subjects.allSatisfy(shown.contains))
        #expect(shown.contains("\"files\":[\"a\",\"b\"]"))
    }

    @Test func `an execution starts with what somebody names, if it is on a branch that counts`()
        throws
    {
        let scene = try Scene()
        let old = try scene.repository.id("main~1")
        let byDigits = try scene.start("{\"commit\":\"\(old.prefix(8))\"}")
        #expect(byDigits.status == 201, "\(byDigits.body)")
        let second = try scene.revision(of: 2)
        #expect(second.contains("\"ref\":\"refs/heads/main\",\"commit\":\"\(old)\""))
        #expect(second.contains("\"Ada Example <ada@example.org>\""))
        // Its files are there, though nobody has seen it at the end of a branch.
        #expect(scene.events.has("attempt.finished", "shop/2", "succeeded"))
        #expect(try scene.start("{\"commit\":\"main\"}").status == 201)
        let tip = try scene.repository.id("main")
        #expect(try scene.revision(of: 3).contains("\"commit\":\"\(tip)\""))
        for (revision, problem) in [
            ("{\"commit\":\"0000000\"}", "no branch, tag or commit has that name"),
            ("{\"commit\":\"other\"}", "'other' of 'app' was never seen"),
            ("{\"commit\":\"\(old)\",\"ref\":\"other\"}", "'other' of 'app' was never seen"),
        ] {
            let refused = try scene.start(revision)
            #expect(refused.status == 422)
            #expect(refused.body.contains(problem), "\(refused.body)")
        }
    }
}
