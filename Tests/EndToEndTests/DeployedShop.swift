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
    private let definition: (_ deploy: String, _ environment: String) -> String
    private let events: ServerEvents
    private let kind: Kind
    private var executions = 0
    private var environments = ["prod"]
    private var images: [String] = []

    /// What is deployed.
    enum Kind: String, Sendable {
        case artifact, image

        static let all: [Kind] =
            TestEngine.socket == nil || getuid() != 0 ? [.artifact] : [.artifact, .image]
    }

    static let trial =
        String(#filePath.dropLast("Tests/EndToEndTests/DeployedShop.swift".count))
        + "Trials/deploy"

    /// `more` stands beside the strategy.
    init(
        by strategy: String, count: String = "2", service: String = "", more: String = "",
        settings: String = "", of kind: Kind = .artifact
    ) throws {
        let folder = try Folder()
        self.kind = kind
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
        if kind == .image { try Self.writeRunners(in: folder) }
        let runners = kind == .image ? "runners: \(folder.path)/runners" : ""
        server = try RunningServer(
            in: folder, settings: "folders: \(folder.path)\n\(runners)\n\(settings)")
        let text = ShopDefinition(
            folder: folder.path, door: door, strategy: strategy, count: count, service: service)
        definition = { kind == .image ? text.ofImage : text.ofArtifact(more: $0, environment: $1) }
        try server.define("shop", definition(more, ""))
        events = try server.events()
        try #require(events.has("source.seen", "\"pipeline\":\"shop\""))
        try begin("v1")
        try #require(try end().contains("\"status\":\"succeeded\""))
    }

    /// The machine's own programs are what is in the tests' images.
    private static func writeRunners(in folder: Folder) throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("runners"), withIntermediateDirectories: false)
        try folder.write("name: process\nplaces: 2\n", to: "runners/process.yml")
        try folder.write(
            """
            name: docker
            kind: docker
            places: 2
            socket: \(TestEngine.socket ?? "")
            read-only: /usr
            network: none

            """, to: "runners/docker.yml")
    }

    /// An image of the application, without a network.
    private func makeImage(_ version: String, _ fault: String) throws -> String {
        let made = try Program.run([
            "/bin/sh", "-c",
            """
            set -e; cd '\(server.folder.path)'; rm -rf tree; mkdir -p tree/usr tree/tmp tree/app
            for name in bin lib lib64; do ln -s usr/$name tree/$name; done
            cp '\(Self.trial)/app.py' tree/app
            echo '\(version)' > tree/app/version; echo '\(fault)' > tree/app/fault
            tar -C tree -c . | docker -H 'unix://\(TestEngine.socket ?? "")' import \
              -c 'WORKDIR /app' -c 'CMD ["/usr/bin/python3","app.py"]' -
            """,
        ])
        try #require(made.code == 0, "\(made.output)")
        let image = String(made.output.prefix { !$0.isNewline })
        images.append(image)
        return image
    }

    deinit {
        for name in environments {
            let cleared = try? server.ask(
                "DELETE", "/api/v1/environments/\(name)", as: server.administrator)
            if cleared?.status != 204 {
                Issue.record("it is not cleared: \(String(describing: cleared))")
            }
        }
        // Whoever looks after an instance holds its lock; HAProxy ends when it has served all.
        let waited = try? Program.run([
            "/bin/sh", "-c",
            """
            cd '\(server.folder.path)/home'
            for lock in instances/*/*/lock; do flock "$lock" true; done
            theirs="$PWD/balancer/haproxy.cfg"
            grep -lF "$theirs" /proc/[0-9]*/cmdline 2>/dev/null | while read one; do
              one=${one#/proc/}
              [ "${one%/cmdline}" = $$ ] || timeout 60 tail --pid="${one%/cmdline}" -f /dev/null
            done
            """,
        ])
        if waited?.code != 0 { Issue.record("it does not end: \(String(describing: waited))") }
        for image in images {
            _ = try? Program.run([
                "/bin/sh", "-c",
                "docker -H 'unix://\(TestEngine.socket ?? "")' rmi -f \(image)",
            ])
        }
    }

    /// From now on this stands beside the strategy, and that beside the environment's services.
    func deploy(_ more: String, environment: String = "") throws {
        try server.define("shop", definition(more, environment))
    }

    /// Another environment with the same service behind a door of its own, and a stage that deploys
    /// to it. Gives the door.
    func addEnvironment(_ name: String, gate: String) throws -> String {
        environments.append(name)
        let other = door.replacing(":8080", with: ":8081")
        let text = definition("", "").replacing(
            "environments:\n",
            with: """
                environments:
                  \(name):
                    services:
                      web:
                        run: exec python3 app.py
                        listen: \(other)
                        health: { path: /health, interval: 100ms }

                """)
        let stage = """

              - name: \(name)
                before: [{ \(gate) }]
                actions:
                  go:
                    deploy: { environment: \(name), artifact: shop, strategy: blue-green }

            """
        try server.define("shop", text + stage)
        return other
    }

    /// Begins to deploy a version.
    func begin(_ version: String, fault: String = "") throws {
        executions += 1
        let variables =
            switch kind {
            case .artifact: "\"version\":\"\(version)\",\"fault\":\"\(fault)\""
            case .image: "\"image\":\"\(try makeImage(version, fault))\""
            }
        let wish = "{\"variables\":{\(variables)}}"
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
    func answer(at other: String? = nil) throws -> String {
        let parts = (other ?? door).split(separator: ":")
        let port = try #require(UInt16(parts[1]))
        let socket = try TestSocket(to: port, at: String(parts[0]))
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
