import Support
import Testing

@Suite("Completions") struct CompletionTests {
    static let stages = """
          - name: build
            actions: { compile: { run: "true" } }
          - name: test
            actions:
              unit: { run: cat /run/secrets/token, secrets: token }
        """

    /// A project in which `shop/1` was run, and files to choose from.
    static func project() throws -> Project {
        let project = try Project(
            stages, extra: "variables: { region: { default: north, choices: [north, south] } }")
        let made = try project.sh("mkdir folder && touch other.txt 'folder/my file.yml'")
        try #require(made.code == 0)
        let said = try project.run("--only build")
        try #require(said.code == 0, "\(said.output)\(said.errors)")
        return project
    }

    /// What is offered for a line, cut at its spaces, without the notes.
    private func offered(_ line: String, in project: Project) throws -> [String] {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let said = try project.sh("'\(Slipway.path)' complete \(quoted)")
        #expect(said.code == 0)
        #expect(said.errors == "")
        return said.output.split(separator: "\n").enumerated().map { index, line in
            index == 0
                ? line.split(separator: "\t").joined(separator: " ")
                : String(line.prefix { $0 != "\t" })
        }
    }

    @Test func `are the words that fit, from the line, the pipeline and the record`() throws {
        let project = try Self.project()
        let cases: [(line: String, offer: [String])] = [
            ("lo", ["words", "logs", "login", "logout"]),
            ("help pl", ["words", "plan"]),
            ("run ", ["definitions"]),
            ("run --qu", ["words", "--quiet"]),
            ("run --home ", ["folders"]),
            ("run --home=fo", ["folders --home="]),
            ("run --only ", ["words", "build", "test"]),
            ("run --only=te", ["words", "--only=test"]),
            ("run --only x --from b", ["words", "build"]),
            ("run --only build missing.yml --from b", ["words"]),
            ("run --var ", ["words", "region="]),
            ("run --var region=s", ["words", "region=south"]),
            ("run --source ap", ["words", "app="]),
            ("run --source=app=fol", ["folders --source=app="]),
            ("run --secret ", ["words", "token="]),
            ("run --secret token=o", ["files token="]),
            ("run -- --qu", ["definitions"]),
            ("logs sh", ["words", "shop/1"]),
            ("logs shop/1 ", ["words", "build/compile"]),
            (
                "logs shop/1 build/compile ",
                ["words", "--home", "-f", "--server", "--ca", "--allow-plain-http"]
            ),
            ("history ", ["words", "shop", "shop/1"]),
            ("audit ver", ["words", "verify"]),
            ("audit export --", ["words", "--home", "--help"]),
            ("audit export ", ["folders"]),
            ("lint one.yml ", ["definitions"]),
            ("completion ", ["words", "bash", "zsh", "fish"]),
            ("nothing ", ["words"]),
            ("logs --home", ["words", "--home"]),
            ("logs --home /nowhere ", ["words"]),
        ]
        for (line, offer) in cases {
            #expect(try offered(line, in: project) == offer, "slipway \(line)")
        }
    }

    /// A stranger's pipeline may say anything; a shell would run what is in `$(…)`.
    @Test func `offer nothing that means something to a shell`() throws {
        let project = try Project(
            Self.stages,
            extra: "variables: { region: { default: a, choices: [a, $(id), 'b;c', 'd e', 'é'] } }")
        #expect(try offered("run --var region=", in: project) == ["words", "region=a"])
        try project.folder.write("name: $(id)\nstages: 7\n", to: "pipeline.yml")
        #expect(try offered("run --only ", in: project) == ["words"])
    }

    /// What is offered for a line by a server, cut at its spaces.
    private func offered(
        _ line: String, by server: PlayedServer, _ environment: String...
    ) throws -> [String] {
        let console = try Console()
        let place = [
            "/usr/bin/env", "-i", "-C", console.folder.path, "HOME=\(console.folder.path)",
            "SLIPWAY_URL=\(server.url)", "SLIPWAY_TOKEN=hunter2",
        ]
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let said = try Program.run(place + environment + [Slipway.path, "complete"] + words)
        #expect(said.code == 0)
        #expect(said.errors == "")
        return said.output.split(separator: "\n").dropFirst()
            .map { line in String(line.prefix { $0 != "\t" }) }
    }

    @Test func `are the names that a server knows`() throws {
        let shop = "GET /api/v1/pipelines/shop"
        let pipeline = """
            {"name":"shop","version":1,"mode":"queued","last":null,"waiting":[],"closed":[],
            "environments":["live","test"]}
            """
        let live = """
            {"name":"live","about":null,"pipeline":"shop","health":"serving","release":null,
            "deployment":null,"lock":null,"waiting":0,"drift":[],"traffic":[],"instances":[
            {"instance":"i3","release":"r2","role":"web","condition":"healthy","since":null,
            "cause":null}],"queue":[],"releases":[{"release":"r1","version":"7f","commits":{},
            "since":null,"by":null,"execution":null,"approvals":[],"kept":null}],"left":[],
            "history":[]}
            """
        let server = try PlayedServer([
            "GET /api/v1/pipelines": Recorded.page(pipeline, Recorded.pipeline("site")),
            "GET /api/v1/executions": Recorded.page(
                Recorded.summary("shop/42", "failed"), Recorded.summary("site/7", "running")),
            "\(shop)/executions": Recorded.page(Recorded.summary("shop/41", "failed")),
            "\(shop)/executions/42": Recorded.execution(
                "failed", Recorded.stage("failed", Recorded.attempt("failed"))),
            shop: "{\"stages\":[{\"stage\":\"build\"},{\"stage\":\"prod\"}]}",
            "GET /api/v1/secrets": Recorded.page(
                "{\"name\":\"key\",\"version\":2}", "{\"name\":\"$(id)\",\"version\":1}"),
            "GET /api/v1/runners": Recorded.page(
                "{\"name\":\"process\",\"places\":2,\"used\":0,\"queued\":0}"),
            "GET /api/v1/tokens": Recorded.page(
                "{\"id\":\"7f3a\",\"name\":\"ada\",\"roles\":[],\"about\":\"\","
                    + "\"status\":\"valid\"}"),
            "GET /api/v1/people": Recorded.page("{\"name\":\"ada\",\"aliases\":[]}"),
            "GET /api/v1/environments/live": live,
        ])
        let cases: [(line: String, offer: [String])] = [
            ("start ", ["shop", "site"]), ("executions si", ["site"]),
            ("why ", ["shop/42", "site/7"]), ("retry shop/", ["shop/41"]),
            ("logs shop/42 ", ["test/unit"]), ("retry shop/42 ", ["build", "prod"]),
            ("rollback shop p", ["prod"]), ("transitions close shop ", ["build", "prod"]),
            ("secrets remove ", ["key"]), ("runners set ", ["process"]),
            ("tokens revoke ", ["7f3a"]), ("tokens create ", ["ada"]),
            ("tokens create x --environments ", ["live", "test"]),
            ("tokens create x --environments=l", ["--environments=live"]),
            ("people remove ", ["ada"]),
            ("environments show ", ["live", "test"]), ("environments logs live ", ["i3"]),
            ("deploy live ", ["r1"]), ("rollback live --to ", ["r1"]),
            ("rollback ", ["live", "test", "shop", "site"]),
            // What is asked of this machine is not asked of a server.
            ("history ", []), ("logs --home /nowhere ", []),
        ]
        for (line, offer) in cases {
            #expect(try offered(line, by: server) == offer, "slipway \(line)")
        }
        #expect(server.asked.allSatisfy { $0.line.hasPrefix("GET ") })
    }

    @Test func `say nothing where a server refuses, or says nothing`() throws {
        let refusing = try PlayedServer([:])
        #expect(try offered("start ", by: refusing) == [])
        let silent = try PlayedServer { _, peer in _ = peer.waitForEnd() }
        #expect(try offered("why ", by: silent) == [])
        // A token that may not be sent is no reason to complain.
        let plain = "SLIPWAY_URL=http://ci.invalid"
        #expect(try offered("start ", by: refusing, plain) == [])
    }

    @Test func `do not wait for what never ends`() throws {
        let project = try Self.project()
        let said = try project.sh(
            "mkfifo pipe && exec 3<>pipe && '\(Slipway.path)' complete run pipe --only ''")
        #expect(said.code == 0)
        #expect(said.errors == "")
    }
}
