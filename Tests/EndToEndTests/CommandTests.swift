import Support
import Testing

@Suite("The command") struct CommandTests {
    static let good = """
        name: shop
        sources: { app: { git: . } }
        stages: [{ name: a, actions: { b: { run: make } } }]

        """

    @Test func `tells its version`() throws {
        let said = try Slipway.run("--version")
        #expect(said.code == 0)
        #expect(said.output.hasPrefix("slipway 0."))
    }

    @Test(
        "helps with every command",
        arguments: [
            "run", "logs", "tests", "history", "clean", "doctor", "lint", "plan", "schema", "login",
            "logout", "servers", "pipelines", "executions", "show", "why", "start", "stop", "retry",
            "skip", "rollback", "environments", "deploy", "approvals", "approve", "reject",
            "transitions", "validate", "runners", "secrets", "tokens", "people", "audit", "server",
            "hook",
            "rebuild", "backup", "restore", "completion", "manual",
        ])
    func help(command: String) throws {
        #expect(try Slipway.run("--help").output.contains("  \(command) "))
        let said = try Slipway.run(command, "--help")
        #expect(said.code == 0)
        #expect(said.output.hasPrefix("slipway \(command) - "))
        #expect(said.output.contains("\n\nUsage: slipway \(command)"))
        #expect(said.output.contains("\n\nExamples:\n"))
        #expect(said.output.contains("\n\nExit codes:\n  0  "))
        #expect(said.output.split(separator: "\n").filter { $0.count > 80 } == [])
        #expect(try Slipway.run("help", command).output == said.output)
    }

    @Test(
        "knows what was meant",
        arguments: [
            (
                ["lnt"],
                "slipway: there is no command 'lnt'\n"
                    + "  hint: did you mean 'lint'? `slipway --help` lists all there is\n"
            ),
            (
                ["--hepl"],
                "slipway: there is no option '--hepl'\n"
                    + "  hint: did you mean '--help'? `slipway --help` lists all there is\n"
            ),
            (
                ["run", "--frm", "x"],
                "slipway run: there is no option '--frm'\n"
                    + "  hint: did you mean '--from'? '--help' tells them all\n"
            ),
            (
                ["lint"],
                "slipway lint: no file is named\n  hint: write 'slipway lint pipeline.yml'\n"
            ),
            (
                ["lint", "--jsn", "x"],
                "slipway lint: there is no option '--jsn'\n"
                    + "  hint: did you mean '--json'? there are '--runner', '--registry', "
                    + "'--json' or '--help'\n"
            ),
            (
                ["plan", "a", "b"],
                "slipway plan: one file is planned at a time\n"
                    + "  hint: write 'slipway plan pipeline.yml'\n"
            ),
            (
                ["rebuild"],
                "slipway rebuild: no folder is named\n"
                    + "  hint: add '--home DIR', the folder with the record\n"
            ),
            (
                ["backup", "--home"],
                "slipway backup: '--home' needs a value\n  hint: write '--home DIR'\n"
            ),
            (
                ["completion", "zhs"],
                "slipway completion: there are no completions for 'zhs'\n"
                    + "  hint: did you mean 'zsh'? there are 'bash', 'zsh' or 'fish'\n"
            ),
            (["schema", "x"], "slipway schema: 'x' is one word too many\n  hint: take it away\n"),
            (
                ["audit", "verfy"],
                "slipway audit: audit does one of 'verify', 'list', 'export' or 'checkpoint'\n"
                    + "  hint: write 'slipway audit verify --home DIR'\n"
            ),
        ])
    func mistakes(words: [String], errors: String) throws {
        let said = try Program.run([Slipway.path] + words)
        #expect(said.code == 2)
        #expect(said.errors == errors)
        #expect(said.output == "")
    }

    @Test func `without a word it tells what there is, and that this was not enough`() throws {
        let said = try Slipway.run()
        #expect(said.code == 2)
        #expect(said.errors.hasPrefix("slipway runs pipelines that you own.\n"))
    }

    @Test func `a good definition is no error, from a file and from standard input`() throws {
        let folder = try Folder()
        try folder.write(Self.good, to: "shop.yml")
        #expect(
            try Slipway.run("lint", folder.file("shop.yml")).output
                == "1 file: no errors, no warnings\n")
        #expect(try Slipway.run("lint", "-", input: Self.good).code == 0)
    }

    @Test func `a bad one is shown, and the exit code says so`() throws {
        let said = try Slipway.run("lint", "-", input: Self.good.replacing("run:", with: "rum:"))
        #expect(said.code == 2)
        #expect(said.output == "1 file: 1 error, no warnings\n")
        #expect(said.errors.hasPrefix("(standard input):3:35: error: an action says what it does"))
    }

    @Test func `for programs it is one object`() throws {
        let said = try Slipway.run("lint", "--json", "-", input: "name: a b\n")
        #expect(said.code == 2)
        #expect(said.errors == "")
        #expect(
            said.output.hasPrefix(
                "{\"files\":[{\"file\":\"(standard input)\",\"kind\":\"pipeline\","
                    + "\"diagnostics\":[{"))
        #expect(said.output.hasSuffix("\"errors\":3,\"warnings\":0}\n"))
    }

    @Test(
        "a file that cannot be read is said to be so",
        arguments: [
            ("missing.yml", "No such file or directory"), (".", "it is a folder"),
        ])
    func unreadable(name: String, problem: String) throws {
        let folder = try Folder()
        let said = try Slipway.run("lint", folder.file(name))
        #expect(said.code == 2)
        #expect(said.errors.contains("error: \(problem)\n  hint: "))
    }

    @Test func `a file's name cannot write to the terminal`() throws {
        let said = try Slipway.run("lint", "\u{1B}[31mred")
        #expect(!said.errors.contains("\u{1B}"))
    }

    @Test func `a plan is told for people and for programs`() throws {
        let said = try Slipway.run("plan", "-", input: Self.good)
        #expect(said.output.contains("1. stage 'a'\n   1.1 b  run: make\n       first; retried"))
        #expect(
            try Slipway.run("plan", "--json", "-", input: Self.good).output.hasPrefix(
                "{\n  \"pipeline\": \"shop\""))
        #expect(try Slipway.run("plan", "-", input: "name: a\n").code == 2)
    }
}
