import FoundationEssentials
import Glibc
import Support
import Testing

/// A project with a pipeline in a repository, and `slipway run` in it.
struct Project {
    let folder: Folder

    init(_ stages: String, extra: String = "") throws {
        folder = try Folder()
        try folder.write(
            "name: shop\n\(extra)\nsources: { app: { git: . } }\nstages:\n\(stages)\n",
            to: "pipeline.yml")
        try folder.write("hello\n", to: "greeting")
        let made = try sh(
            "git init -q -b main . && git add -A && git -c user.name=Ada "
                + "-c user.email=ada@example.com commit -qm 'Greet the world'")
        try #require(made.code == 0, "\(made.errors)")
    }

    func sh(_ script: String) throws -> Program.Result {
        try Program.run(["/bin/sh", "-c", "cd '\(folder.path)' && \(script)"])
    }

    func run(_ options: String = "") throws -> Program.Result {
        try sh("'\(Slipway.path)' run \(options)")
    }
}

@Suite("slipway run") struct RunCommandTests {
    private static let chain = """
          - name: build
            actions:
              compile:
                run: mkdir out; cp greeting out/; echo version=7 >> $SLIPWAY_EXPORTS
                outputs: { binary: out }
                exports: version
              lint: { run: "echo linting" }
          - name: ship
            actions:
              send:
                run: ["cat /inputs/binary/greeting", { name: tell, run: 'echo "$WHAT"' }]
                inputs: [app, binary]
                environment: { WHAT: "#{compile.version} of #{app.branch}" }
        """

    @Test func `runs a pipeline from its sources to its end`() throws {
        let project = try Project(Self.chain)
        let said = try project.run()
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.hasPrefix("shop/1\n  app at "))
        #expect(said.output.contains("(main) Greet the world\nbuild\n"))
        #expect(said.output.contains("  build/lint | linting\n"))
        #expect(said.output.contains("  ship/send | hello\n  ship/send | 7 of main\n"))
        #expect(said.output.hasSuffix("ship succeeded\nshop/1 succeeded\n"))
        #expect(try project.sh("git status --short").output == "")
        #expect(try project.sh("'\(Slipway.path)' audit verify --home .slipway").code == 0)
    }

    @Test func `shows what failed, the end of its log and where the rest is`() throws {
        let project = try Project(
            "  - name: test\n    actions: { unit: { run: \"echo why; exit 3\" } }")
        let said = try project.run("--quiet")
        #expect(said.code == 1)
        #expect(
            said.output.hasSuffix(
                "\ntest/unit failed: exit code 3\n  | why\n  log: \(project.folder.path)"
                    + "/.slipway/executions/shop/1/test.1/unit.1/log\n"))
    }

    @Test func `tells programs one object an event`() throws {
        let project = try Project(Self.chain)
        let said = try project.run("--json")
        let lines = said.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("{\"event\":\"") && $0.contains("\"time\":\"20") })
        #expect(
            lines.contains {
                $0.contains("\"event\":\"output\"") && $0.contains("\"stage\":\"build\"")
                    && $0.contains("\"action\":\"lint\"") && $0.hasSuffix("\"text\":\"linting\"}")
            })
        #expect(lines.last?.contains("\"event\":\"execution-finished\"") == true)
        #expect(lines.last?.contains("\"status\":\"Succeeded\"") == true)
    }

    @Test func `uses what is in the folder, committed or not`() throws {
        let project = try Project(
            "  - name: test\n    actions: { show: { run: \"cat greeting new; ls -A\" } }")
        try project.folder.write("changed\n", to: "greeting")
        try project.folder.write("new\n", to: "new")
        let said = try project.run()
        #expect(said.output.contains("show | changed\n  test/show | new\n"))
        #expect(!said.output.contains(".git\n"))
        #expect(!said.output.contains("| .slipway\n"))
        #expect(said.errors == "slipway: app: with 2 changes not committed yet\n")
    }

    @Test func `passes by the stages that were not asked for`() throws {
        let stages = ["one", "two", "three"].map { name in
            "  - { name: \(name), actions: { say: { run: \"echo in \(name)\" } } }"
        }.joined(separator: "\n")
        let project = try Project(stages)
        let only = try project.run("--only two")
        #expect(only.code == 0)
        #expect(only.output.contains("one skipped") && only.output.contains("three skipped"))
        #expect(only.output.contains("| in two\n") && !only.output.contains("| in one"))
        let from = try project.run("--from two")
        #expect(!from.output.contains("| in one"))
        #expect(from.output.contains("| in two\n") && from.output.contains("| in three\n"))
        let all = try project.run()
        #expect(all.output.contains("| in one\n") && all.output.contains("| in three\n"))
    }

    @Test func `asks for an approval, and takes it from the line`() throws {
        let project = try Project(
            """
              - name: ship
                before: { approval: { by: [managers], needed: 2 } }
                actions: { send: { run: echo sent } }
            """)
        let asked = try project.run()
        #expect(asked.code == 3)
        #expect(asked.output.contains("ship waits for an approval by managers\n"))
        #expect(asked.output.contains("run it with '--approve ship'\n"))
        let approved = try project.run("--approve ship")
        #expect(approved.code == 0)
        #expect(approved.output.contains("| sent\n"))
    }

    @Test func `keeps a secret out of everything that stays`() throws {
        let project = try Project(
            """
              - name: test
                actions:
                  file: { run: cat /run/secrets/token, secrets: token }
                  variable: { run: 'echo "$KEY"', secrets: { KEY: token } }
            """)
        try project.folder.write("s3cr3t-value\n", to: "secret")
        let said = try project.run("--secret token=secret")
        #expect(said.code == 0, "\(said.output)\(said.errors)")
        #expect(said.output.contains("file | ***\n"))
        #expect(said.output.contains("variable | ***\n"))
        #expect(try project.sh("grep -rl s3cr3t-value .slipway --exclude-dir=sources").output == "")
        let without = try project.run()
        #expect(without.output.contains("there is no secret 'token' here"))
    }

    @Test func `hands a cache on to the next execution`() throws {
        let project = try Project(
            """
              - name: test
                actions:
                  use:
                    run: mkdir -p deps; cat deps/when || echo cold; echo kept > deps/when
                    caches: { path: deps, key: one }
            """)
        #expect(try project.run().output.contains("| cold\n"))
        #expect(try project.run().output.contains("| kept\n"))
    }

    @Test func `E70: a branch cannot put anything into the cache of another`() throws {
        let project = try Project(
            """
              - name: test
                actions:
                  use:
                    run: mkdir -p deps; cat deps/by || echo cold; echo $SLIPWAY_REF > deps/by
                    caches: { path: deps, key: one }
            """)
        _ = try project.sh(
            "sed -i 's/git: [.]/git: ., branches: main/' pipeline.yml; git checkout -qb fork")
        #expect(try project.run().output.contains("| cold\n"))
        _ = try project.sh("git checkout -q main")
        #expect(try project.run().output.contains("| cold\n"))
        // What everybody starts from may be used by who has nothing of his own.
        _ = try project.sh("git checkout -qb other")
        #expect(try project.run().output.contains("| refs/heads/main\n"))
        _ = try project.sh("git checkout -q fork")
        #expect(try project.run().output.contains("| refs/heads/fork\n"))
    }

    @Test func `tells afterwards what was run and printed, and cleans up`() throws {
        let project = try Project(Self.chain)
        _ = try project.run()
        let slipway = "'\(Slipway.path)'"
        let history = try project.sh("\(slipway) history").output
        #expect(history.hasPrefix("shop/1  succeeded  20"))
        let attempts = try project.sh("\(slipway) history shop/1").output
        #expect(
            attempts.split(separator: "\n").map { $0.prefix { $0 != " " } }.sorted() == [
                "build/compile", "build/lint", "ship/send",
            ])
        #expect(try project.sh("\(slipway) logs shop/1 ship/send").output == "hello\n7 of main\n")
        #expect(try project.sh("\(slipway) logs").output.contains("== build/lint: succeeded\nlint"))
        for (words, problem) in [
            ("logs shop/9", "there is no execution 'shop/9'"),
            ("logs shop/1 ship/sned", "'ship/sned' did not run in shop/1"),
            ("history shop/9", "there is no execution 'shop/9'"),
            ("history ship", "no execution of 'ship' is on record"),
        ] {
            let said = try project.sh("\(slipway) \(words)")
            #expect(said.code == 4)
            #expect(said.errors.contains("\(problem)\n  hint: `slipway history"))
        }
        let cleaned = try project.sh("\(slipway) clean").output
        #expect(cleaned == "removed 1 artifact, 1 source and no workspaces\n")
        #expect(try project.run().code == 0)
    }

    @Test(
        "says what it does not understand",
        arguments: [
            ("--var regoin=x", "the pipeline has no variable 'regoin'\n  hint: did you mean"),
            ("--var region", "'--var region' has no name and value\n"),
            ("--source lib=.", "the pipeline has no source 'lib'\n  hint: there is 'app'"),
            ("--only tset", "the pipeline has no stage 'tset'\n  hint: did you mean 'test'?"),
            ("--source app=/nowhere", "cannot find '/nowhere': No such file or directory"),
            ("--secret token=/nowhere", "secret 'token' cannot be read from '/nowhere'"),
            ("other.yml", "other.yml: error: No such file or directory"),
            ("--resume", "no execution of 'shop' was interrupted"),
        ])
    func mistakes(options: String, words: String) throws {
        let project = try Project(
            "  - name: test\n    actions: { unit: { run: \"true\" } }",
            extra: "variables: { region: north }")
        let said = try project.run(options)
        #expect(said.code == 2)
        #expect(said.errors.contains(words), "\(said.errors)")
    }
}
