import FoundationEssentials
import Glibc
import Support
import Testing

/// A server with an environment on this machine, and an application that is deployed to it. What
/// was deployed ends with it.
final class DeployedShop {
    let server: RunningServer
    /// An address of this machine that nobody else has chosen.
    let door: String
    private let events: ServerEvents
    private var executions = 0

    static let trial =
        String(#filePath.dropLast("Tests/EndToEndTests/DeployedShop.swift".count))
        + "Trials/deploy"

    init(
        by strategy: String, count: String = "2", service: String = "", settings: String = ""
    ) throws {
        let folder = try Folder()
        let host = 0x1_0000 | UInt32.random(in: 0...0xFD_FFFF)
        door = "127.\(host >> 16 & 0xFF | 1).\(host >> 8 & 0xFF).\(host & 0x7F | 1):8080"
        let made = try Program.run([
            "/bin/sh", "-c",
            """
            set -e; cd '\(folder.path)'
            git() { command git -c user.name=a -c user.email=a@example.org "$@"; }
            git init -q -b main shop; cp '\(Self.trial)/app.py' shop
            git -C shop add .; git -C shop commit -qm 'an application'
            """,
        ])
        try #require(made.code == 0, "\(made.output)")
        server = try RunningServer(in: folder, settings: "folders: \(folder.path)\n\(settings)")
        try server.define("shop", Self.definition(folder.path, door, strategy, count, service))
        events = try server.events()
        try #require(events.has("source.seen", "\"pipeline\":\"shop\""))
        try begin("v1")
        try #require(try end().contains("\"status\":\"succeeded\""))
    }

    private static func definition(
        _ folder: String, _ door: String, _ strategy: String, _ count: String,
        _ service: String
    ) -> String {
        """
        name: shop
        mode: queued
        variables: { version: { default: v1 }, fault: { default: "" } }
        sources: { app: { git: \(folder)/shop } }
        environments:
          prod:
            services:
              web:
                run: exec python3 app.py
                count: \(count)
                listen: \(door)
                health: { path: /health, interval: 100ms }
                drain: 20s
                \(service)
        stages:
          - name: build
            actions:
              compile:
                environment: { VERSION: "#{variables.version}", FAULT: "#{variables.fault}" }
                run:
                  - mkdir out; cp app.py out
                  - echo "$VERSION" > out/version; echo "$FAULT" > out/fault
                outputs: { shop: out }
          - name: ship
            actions:
              go: { deploy: { environment: prod, artifact: shop, strategy: \(strategy) } }
        """
    }

    deinit {
        let cleared = try? server.ask(
            "DELETE", "/api/v1/environments/prod", as: server.administrator)
        if cleared?.status != 204 {
            Issue.record("it is not cleared: \(String(describing: cleared))")
        }
        // Whoever looks after an instance holds its lock; HAProxy ends when it has served all.
        let waited = try? Program.run([
            "/bin/sh", "-c",
            """
            cd '\(server.folder.path)/home'
            for lock in instances/prod/*/lock; do flock "$lock" true; done
            theirs="$PWD/balancer/haproxy.cfg"
            grep -lF "$theirs" /proc/[0-9]*/cmdline 2>/dev/null | while read one; do
              one=${one#/proc/}
              [ "${one%/cmdline}" = $$ ] || timeout 60 tail --pid="${one%/cmdline}" -f /dev/null
            done
            """,
        ])
        if waited?.code != 0 { Issue.record("it does not end: \(String(describing: waited))") }
    }

    /// Begins to deploy a version.
    func begin(_ version: String, fault: String = "") throws {
        executions += 1
        let wish = "{\"variables\":{\"version\":\"\(version)\",\"fault\":\"\(fault)\"}}"
        let answer = try server.ask(
            "POST", "/api/v1/pipelines/shop/executions", as: server.administrator,
            Array(wish.utf8))
        try #require(answer.status == 201, "\(answer.body)")
    }

    /// The end of the execution that was begun last, with its reason.
    func end() throws -> String {
        let number = executions
        #expect(events.has("execution.finished", "\"execution\":\"shop/\(number)\""))
        let shown = try server.ask(
            "/api/v1/pipelines/shop/executions/\(number)", as: server.administrator)
        return shown.body
    }

    /// Goes back to the version that was there before, and waits for it.
    func putBack() throws {
        let answer = try server.ask(
            "POST", "/api/v1/environments/prod/rollback", as: server.administrator,
            Array("{}".utf8))
        try #require(answer.status == 200, "\(answer.body)")
        struct Done: Decodable { let sequence: Int }
        let done = try JSONDecoder().decode(Done.self, from: Data(answer.body.utf8))
        _ = try server.follow(after: done.sequence, until: "event: deployment.ended\n")
    }

    /// Who answers.
    func answer() throws -> String {
        let socket = try TestSocket(to: 8080, at: String(door.prefix { $0 != ":" }))
        socket.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
        let body = RunningServer.Answer(socket.receiveToEnd()).body
        return String(body.prefix { $0 != " " && $0 != "\n" })
    }
}

/// Clients of all manners, until they are told that it is enough.
final class DeployedLoad {
    private let gate: Int32
    private let told: Beside<String>
    private let program: HeldProgram

    init(on shop: DeployedShop) throws {
        let folder = shop.server.folder
        let (input, output) = (folder.file("enough"), folder.file("told"))
        for pipe in [input, output] {
            unsafe unlink(pipe)
            try #require(unsafe mkfifo(pipe, 0o600) == 0)
        }
        let words = "exec python3 '\(DeployedShop.trial)/client.py' \(shop.door) 0 < '\(input)'"
        program = try HeldProgram(
            ["/bin/sh", "-c", "\(words) > '\(output)'"], output: folder.file("load"))
        gate = unsafe open(input, O_WRONLY | O_CLOEXEC)
        told = try Beside { try Program.run(["/bin/cat", output]).output }
    }

    struct Told: Decodable {
        /// By manner.
        let asked: [String: Int]
        /// What failed.
        let words: [String]
    }

    func end() throws -> Told {
        close(gate)
        let told = try #require(try told.result())
        return try JSONDecoder().decode(Told.self, from: Data(told.utf8))
    }
}
