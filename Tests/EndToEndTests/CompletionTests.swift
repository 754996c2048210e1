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

    @Test func `do not wait for what never ends`() throws {
        let project = try Self.project()
        let said = try project.sh(
            "mkfifo pipe && exec 3<>pipe && '\(Slipway.path)' complete run pipe --only ''")
        #expect(said.code == 0)
        #expect(said.errors == "")
    }
}
