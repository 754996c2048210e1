import FoundationEssentials
import Glibc
import Support
import Testing

/// A folder with one action that writes test reports, and `slipway run` in it.
private struct Tested {
    let folder: Folder

    /// The script is the action's, and `keys` stand beside it.
    init(_ script: String, reports: String = "results/*.xml", keys: String = "") throws {
        folder = try Folder()
        let lines = script.split(separator: "\n").map { "          \($0)\n" }.joined()
        try folder.write(
            """
            name: shop
            sources: { app: { git: . } }
            stages:
              - name: test
                actions:
                  unit:
                    reports: \(reports)
            \(keys.isEmpty ? "" : "        \(keys)\n")        run: |
            \(lines)
            """, to: "pipeline.yml")
    }

    func sh(_ script: String) throws -> Program.Result {
        try Program.run(["/bin/sh", "-c", "cd '\(folder.path)' && \(script)"])
    }

    func run(_ options: String = "--quiet") throws -> Program.Result {
        try sh("'\(Slipway.path)' run \(options)")
    }

    func tests(_ options: String = "") throws -> Program.Result {
        try sh("'\(Slipway.path)' tests \(options)")
    }

    static func suite(_ cases: String...) -> String {
        "<testsuite name='s'>\(cases.joined())</testsuite>"
    }

    static let passed = "<testcase classname='Cart' name='adds' time='0.01'/>"
    static let failed =
        "<testcase classname='Cart' name='pays' time='1.5'>"
        + "<failure message='no money'>at cart:7</failure></testcase>"
}

@Suite("Test reports") struct TestReportTests {
    @Test func `of an action that failed are told with its end, and afterwards`() throws {
        let tested = try Tested(
            "mkdir results\n"
                + "echo \"\(Tested.suite(Tested.passed, Tested.failed))\" > results/a.xml; exit 3")
        let said = try tested.run()
        #expect(said.code == 1)
        #expect(
            said.output.contains(
                "s)\n  test/unit: 2 tests, 1 failed\n    failed: Cart pays: no money\n"),
            "\(said.output)\(said.errors)")
        let shown = try tested.tests()
        #expect(shown.code == 0)
        #expect(
            shown.output == """
                test/unit  2 tests, 1 failed  1.51s

                failed:
                test/unit  Cart pays
                  no money

                slowest:
                1.50s  test/unit  Cart pays
                10ms  test/unit  Cart adds

                """)
        #expect(
            try tested.tests("shop/1 --failed").output
                == "test/unit  Cart pays\n  no money\n  at cart:7\n")
        #expect(try tested.tests("--slowest 0").output.contains("slowest") == false)
    }

    @Test func `say nothing of how the action ended`() throws {
        let tested = try Tested(
            "mkdir results; echo \"\(Tested.suite(Tested.failed))\" > results/a.xml")
        let said = try tested.run()
        #expect(said.code == 0)
        #expect(said.output.contains("test/unit: 1 test, 1 failed\n"))
    }

    @Test func `are told to programs, too`() throws {
        let tested = try Tested(
            "mkdir results; echo \"\(Tested.suite(Tested.passed, Tested.failed))\" > results/a.xml")
        let event = try tested.run("--json").output.split(separator: "\n").first {
            $0.hasPrefix("{\"event\":\"tests\"")
        }
        #expect(
            event?.hasSuffix(
                "\"stage\":\"test\",\"action\":\"unit\",\"attempt\":1,\"total\":2,\"failed\":1,"
                    + "\"skipped\":0,\"flaky\":0,\"failures\":[{\"name\":\"Cart pays\","
                    + "\"message\":\"no money\"}],\"warnings\":[]}") == true, "\(event ?? "")")
        let line = try tested.tests("--json --failed").output
        #expect(
            line.contains(
                "\"failures\":[{\"suite\":\"s\",\"class\":\"Cart\",\"name\":\"pays\",\"file\":\"\","
                    + "\"outcome\":\"failed\",\"message\":\"no money\",\"details\":\"at cart:7\","
                    + "\"milliseconds\":1500}]"), "\(line)")
    }

    @Test func `that lay among the sources are not this attempt's`() throws {
        let tested = try Tested(
            "chmod 600 results/old.xml results/touched.xml; rm results/gone.xml\n"
                + "echo \"\(Tested.suite(Tested.passed))\" > results/again.xml")
        let old = Tested.suite(Tested.failed)
        let made = try tested.sh(
            "mkdir results; for n in old touched gone again; do "
                + "echo \"\(old)\" > results/$n.xml; done")
        #expect(made.code == 0)
        let said = try tested.run()
        #expect(said.output.contains("test/unit: 1 test\n"), "\(said.output)\(said.errors)")
    }

    @Test func `that are missing or broken are told, and fail nothing`() throws {
        let tested = try Tested(
            "mkdir results; echo '<testsuite><testcase' > results/a.xml\n"
                + "ln -s /etc/passwd results/b.xml; mkfifo results/c.xml",
            reports: "[results/*.xml, other/**/*.xml]")
        let said = try tested.run()
        #expect(said.code == 0)
        #expect(
            said.output.contains(
                """
                  test/unit: 0 tests
                    results/a.xml:1:12: the file ends in the middle: 'testsuite' is not closed
                    results/b.xml: it is a link, and no file
                    results/c.xml: it is a FIFO, and no file
                    no test report: the action wrote no file that matches 'other/**/*.xml'

                """), "\(said.output)\(said.errors)")
        let none = try Tested("true").run()
        #expect(none.code == 0)
        #expect(
            none.output.contains(
                "  test/unit: no test report: the action wrote no file that matches "
                    + "'results/*.xml'\n"), "\(none.output)")
    }

    @Test func `are read before an output takes them away, which still has them`() throws {
        let tested = try Tested(
            "mkdir -p results/deep; echo \"\(Tested.suite(Tested.passed))\" > results/deep/a.xml",
            reports: "./results/**/*.xml", keys: "outputs: { all: results }")
        #expect(try tested.run().output.contains("test/unit: 1 test\n"))
        let kept = try tested.sh("cat .slipway/artifacts/trees/*/tree/deep/a.xml").output
        #expect(kept.hasPrefix("<testsuite name='s'>"))
    }

    @Test func `have no secret of the action in what is kept and shown`() throws {
        let tested = try Tested(
            "mkdir results; t=$(cat /run/secrets/token)\n"
                + "echo \"<testsuite><testcase name='$t'><failure message='was $t'>at $t</failure>"
                + "</testcase></testsuite>\" > results/$t.xml; echo \"<x\" > results/$t-2.xml",
            keys: "secrets: token")
        try tested.folder.write("s3cr3t-value\n", to: "secret")
        let said = try tested.run("--quiet --secret token=secret")
        #expect(said.output.contains("test/unit: 1 test, 1 failed\n    failed: ***: was ***\n"))
        #expect(said.output.contains("results/***-2.xml:1:1: the file ends in the middle of a tag"))
        #expect(!said.output.contains("s3cr3t"))
        let found = try tested.sh("grep -rl s3cr3t-value .slipway --exclude-dir=sources")
        #expect(found.output == "")
        #expect(try tested.tests("--failed").output == "test/unit  ***\n  was ***\n  at ***\n")
    }

    @Test func `of an attempt that outlived its house are counted without its secrets`() throws {
        let tested = try Tested(
            "mkdir results; echo ready; sleep 0.5; t=$(cat /run/secrets/token)\n"
                + "echo \"<testsuite><testcase name='$t'/></testsuite>\" > results/a.xml",
            keys: "secrets: token")
        try tested.folder.write("s3cr3t-value\n", to: "secret")
        let killed = try Running(in: tested.folder, "--secret token=secret")
        killed.waitFor("| ready")
        kill(killed.process, SIGKILL)
        #expect(killed.wait() == -SIGKILL)
        let resumed = try Running(in: tested.folder, "--quiet --resume")
        #expect(resumed.wait() == 0)
        let output = try tested.folder.text(of: "output")
        #expect(output.contains("test/unit: 1 test\n"), "\(output)")
        #expect(output.contains("names and messages of the tests are not kept"), "\(output)")
        let found = try tested.sh("grep -rl s3cr3t-value .slipway --exclude-dir=sources")
        #expect(found.output == "")
    }

    @Test(
        "are asked for in words that make sense",
        arguments: [
            ("one two", "one thing is shown at a time"), ("shop", "'shop' is no execution"),
            ("--slowest x", "'--slowest' is no number"),
            ("--flaky --failed", "'--flaky' is about a pipeline"),
            ("--flaky --slowest 3", "'--flaky' is about a pipeline"),
        ])
    func mistakes(options: String, words: String) throws {
        let tested = try Tested("true")
        _ = try tested.run()
        let said = try tested.tests(options)
        #expect(said.code == 2)
        #expect(said.errors.contains(words), "\(said.errors)")
    }
}

@Suite("The pipeline of test reports") struct ReportsExampleTests {
    private static let file = String(
        #filePath.dropLast("Tests/EndToEndTests/TestReportTests.swift".count)
            + "pipelines/reports.yml")

    @Test func `makes sense`() throws {
        let said = try Slipway.run("lint", Self.file)
        #expect(said.output == "1 file: no errors, no warnings\n")
    }

    @Test func `succeeds at the second attempt, and its flaky test is found out`() throws {
        let folder = try Folder()
        let sh = { (words: String) in
            try Program.run(["/bin/sh", "-c", "cd '\(folder.path)' && '\(Slipway.path)' \(words)"])
        }
        for number in 1...2 {
            let said = try sh("run '\(Self.file)'")
            #expect(said.code == 0, "\(said.output)\(said.errors)")
            #expect(said.output.contains("test/unit: 3 tests, 1 skipped\n"))
            #expect(
                said.output.contains(
                    "test/service: 2 tests, 1 failed\n"
                        + "    failed: Service answers in time: no answer after 2 s\n"))
            #expect(said.output.contains("test/service (attempt 2): 2 tests\n"))
            let shown = try sh("tests reports/\(number)").output
            #expect(shown.contains("test/service  2 tests, 1 failed  2.26s\n"), "\(shown)")
            #expect(shown.contains("slowest:\n2.01s  test/service (attempt 2)  Service answers"))
        }
        let flaky = try sh("tests --flaky").output
        #expect(
            flaky.hasPrefix(
                "test/service  Service answers in time  flaky at 1 of 1 revision, failed 2 of 4 "
                    + "runs (50%), last in reports/2 at 20"), "\(flaky)")
        #expect(flaky.split(separator: "\n").count == 1)
        let json = try sh("tests reports --flaky --json").output
        #expect(json.contains("\"flaky-revisions\":1,\"revisions\":1,\"runs\":4,\"failures\":2"))
        let others = try sh("tests other --flaky").output
        #expect(others == "no flaky tests in no executions of other with test reports\n")
    }
}
