import Support
import Testing

/// A server whose environment is on ECS, which a double plays: nothing that can be had here carries
/// deployments out.
@Suite(
    "A server that deploys to ECS",
    .enabled(if: TestMoto.server != nil, "\(TestMoto.reason)"))
struct ECSServerTests {
    private let double: CloudDouble
    private let server: RunningServer
    private let events: ServerEvents

    init() throws {
        let moto = try #require(TestMoto.server)
        double = try CloudDouble(.ecs, python: moto.python)
        let folder = try Folder()
        let made = try Program.run([
            "/bin/sh", "-c",
            """
            set -e; cd '\(folder.path)'
            git() { command git -c user.name=a -c user.email=a@example.org "$@"; }
            git init -q -b main shop; git -C shop commit -q --allow-empty -m 'an application'
            """,
        ])
        try #require(made.code == 0, "\(made.output)")
        server = try RunningServer(
            in: folder,
            settings: "folders: \(folder.path)\necs: { endpoint: \(double.url), clusters: c }",
            variables: "AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=hidden")
        try server.define(
            "shop",
            """
            name: shop
            mode: queued
            variables: { manner: { default: good }, digest: { default: "" } }
            sources: { app: { git: \(folder.path)/shop } }
            environments:
              prod: { ecs: { region: eu-west-1, cluster: c, service: s, container: web } }
            stages:
              - name: ship
                actions:
                  go:
                    deploy:
                      environment: prod
                      image: "example.com/shop-#{variables.manner}@sha256:#{variables.digest}"
            """)
        events = try server.events()
        try #require(events.has("source.seen", "\"pipeline\":\"shop\""))
    }

    private func begin(_ manner: String, _ digit: Int) throws {
        let digest = String(repeating: "\(digit)", count: 64)
        let wish = "{\"variables\":{\"manner\":\"\(manner)\",\"digest\":\"\(digest)\"}}"
        let answer = try server.ask(
            "POST", "/api/v1/pipelines/shop/executions", as: server.administrator,
            Array(wish.utf8))
        try #require(answer.status == 201, "\(answer.body)")
    }

    private func end(_ number: Int) throws -> String {
        #expect(events.has("execution.finished", "\"execution\":\"shop/\(number)\""))
        return try server.ask(
            "/api/v1/pipelines/shop/executions/\(number)", as: server.administrator
        ).body
    }

    @Test func `puts a good version there, and takes a bad one back with its cause`() throws {
        try begin("good", 1)
        let good = try end(1)
        #expect(good.contains("\"status\":\"succeeded\""), "\(good)")
        try begin("breaks", 2)
        let bad = try end(2)
        for words in ["turned back", "circuit breaker", "code 3", "cannot open the database"] {
            #expect(bad.contains(words), "\(bad)")
        }
        let seen = try double.seen
        #expect(seen.contains("\"problems\": []"), "\(seen)")
        #expect(!seen.contains("hidden"))
        let shown = try server.command("environments", "show", "prod").output
        #expect(shown.contains("r1: ") && shown.contains("r2 turned back"), "\(shown)")
    }

    @Test func `that is killed in the middle goes on, and begins nothing twice`() throws {
        try begin("stuck", 1)
        #expect(events.has("deployment.progress", "1 of 2 tasks run"))
        let port = server.port
        server.stop(9)
        try server.start(on: port)
        let shown = try server.command("environments", "show", "prod").output
        #expect(shown.contains("have AWS put r1 into its place"), "\(shown)")
        #expect(shown.contains("at AWS: 1 of 2 tasks run"), "\(shown)")
        let back = try server.ask(
            "POST", "/api/v1/environments/prod/rollback", as: server.administrator,
            Array("{}".utf8))
        #expect(back.status == 200, "\(back.body)")
        _ = try server.follow(until: "\"execution\":\"shop/1\",\"outcome\"")
        let calls = try double.seen.split(separator: "\"UpdateService\"").count - 1
        #expect(calls == 1)
    }
}
