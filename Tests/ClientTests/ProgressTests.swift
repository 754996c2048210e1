import Client
import FoundationEssentials
import Testing

@Suite("What is told of an execution that is followed") struct ProgressTests {
    static func look(
        _ status: String, waiting: String = "", stages: String...
    ) throws -> ExecutionDetail {
        let text = """
            {"execution":"shop/42","status":"\(status)","reason":"","cause":"manual","by":"ada",
            "created":null,"finished":null,"stages":[\(stages.joined(separator: ","))],
            "revisions":[{"source":"app","ref":"refs/heads/main","commit":"0123456789abcdef",
            "message":"Say hello\\nat length","authors":[]}],"waiting":[\(waiting)]}
            """
        return try JSONDecoder().decode(ExecutionDetail.self, from: Data(text.utf8))
    }

    static func stage(
        _ name: String, _ status: String, visits: Int = 1, _ attempts: String...
    ) -> String {
        """
        {"name":"\(name)","status":"\(status)","visits":\(visits),"actions":[{"name":"run",
        "status":"\(status)","attempts":[\(attempts.joined(separator: ","))]}]}
        """
    }

    static func attempt(
        _ stage: String, _ status: String, visit: Int = 1, number: Int = 1, reason: String = ""
    ) -> String {
        let isOver = ["succeeded", "failed"].contains(status)
        let started = status == "queued" ? "null" : "\"2026-11-21T10:00:00.000Z\""
        let finished = isOver ? "\"2026-11-21T10:00:01.500Z\"" : "null"
        return "{\"stage\":\"\(stage)\",\"visit\":\(visit),\"job\":\"run\",\"attempt\":\(number),"
            + "\"status\":\"\(status)\",\"reason\":\"\(reason)\",\"started\":\(started),"
            + "\"finished\":\(finished)}"
    }

    /// An execution that fails once, is repaired, and waits for a person in between.
    private static func looks() throws -> [ExecutionDetail] {
        let asks = """
            {"subject":"shop/42","waits-for":"it needs an approval by ada","ends-when":"they do"}
            """
        let usual = """
            {"subject":"action 'x'","waits-for":"it comes after 'run'","ends-when":"it succeeded"}
            """
        let failed = attempt("build", "failed", reason: "exit code 3")
        let mended = attempt("build", "succeeded", number: 2)
        return [
            try look(
                "created", stages: stage("build", "ahead", visits: 0),
                stage("ship", "ahead", visits: 0)),
            try look("running", stages: stage("build", "running", attempt("build", "queued"))),
            try look(
                "running", waiting: usual,
                stages: stage("build", "running", attempt("build", "running"))),
            try look("running", stages: stage("build", "running", failed)),
            try look(
                "running",
                stages: stage("build", "running", failed, attempt("build", "running", number: 2))),
            try look(
                "waiting", waiting: asks, stages: stage("build", "succeeded", failed, mended),
                stage("ship", "waiting")),
            try look(
                "running", stages: stage("build", "succeeded", failed, mended),
                stage("ship", "running", attempt("ship", "running"))),
            try look(
                "succeeded", stages: stage("build", "succeeded", failed, mended),
                stage("ship", "succeeded", attempt("ship", "succeeded"))),
        ]
    }

    private static func told(_ looks: [ExecutionDetail]) -> [String] {
        var progress = Progress()
        return looks.flatMap { progress.take($0) }.compactMap { step in
            switch step {
            case .say(let line), .ended(_, let line), .over(_, let line): line
            case .began: nil
            }
        }
    }

    @Test func `is what happened, in its order, each thing once`() throws {
        let looks = try Self.looks()
        let story = [
            "shop/42", "  app at 0123456789ab (main) Say hello", "build", "  build/run started",
            "  build/run failed: exit code 3 (1.5s)", "  build/run (attempt 2) started",
            "  build/run (attempt 2) succeeded (1.5s)", "build succeeded",
            "shop/42 waits: it needs an approval by ada", "ship", "  ship/run started",
            "  ship/run succeeded (1.5s)", "ship succeeded", "shop/42 succeeded",
        ]
        #expect(Self.told(looks) == story)
        #expect(Self.told(looks.flatMap { [$0, $0] }) == story)
    }

    @Test func `lacks nothing that stayed, however many looks were missed`() throws {
        let looks = try Self.looks()
        let whole = Self.told(looks)
        // Who comes late is not told what is waited for no more.
        let passing = "shop/42 waits: it needs an approval by ada"
        for missed in 0..<(1 << (looks.count - 1)) {
            let seen = looks.indices.filter { $0 == looks.count - 1 || missed & (1 << $0) == 0 }
            let story = Self.told(seen.map { looks[$0] })
            #expect(story == whole.filter { story.contains($0) })
            #expect(story.filter { $0 != passing } == whole.filter { $0 != passing })
        }
    }

    @Test func `tells a stage that is retried anew`() throws {
        let first = Self.attempt("build", "failed")
        let story = Self.told([
            try Self.look("failed", stages: Self.stage("build", "failed", first)),
            try Self.look(
                "running",
                stages: Self.stage(
                    "build", "running", visits: 2, first,
                    Self.attempt("build", "running", visit: 2))),
        ])
        #expect(Array(story.suffix(2)) == ["build", "  build/run started"])
    }

    @Test(
        "a revision is told by its commit or its digest, both short",
        arguments: [
            (
                #""ref":"refs/heads/main","commit":"0123456789abcdef","image":null"#,
                "app at 0123456789ab (main) Say hello"
            ),
            (
                #""ref":"stable","commit":null,"image":"r.io:5000/base@sha256:0123456789abcdef""#,
                "app at sha256:0123456789ab (stable) Say hello"
            ),
        ])
    func revision(members: String, sentence: String) throws {
        let text = "{\"source\":\"app\",\"message\":\"Say hello\\nat length\",\(members)}"
        let words = try JSONDecoder().decode(RevisionWords.self, from: Data(text.utf8))
        #expect(words.sentence == sentence)
    }

    @Test func `says why in one sentence, and since when`() throws {
        let now = try #require(Instant("2020-01-01T00:05:00Z"))
        let reason = """
            {"subject":"shop/42","waits-for":"runner 'p' is full","ends-when":"a place is free",
            "since":"2020-01-01T00:00:00.000Z","deadline":"2020-01-01T02:00:00Z"}
            """
        let other =
            """
            {"subject":"action 'b'","waits-for":"it comes after 'a'","ends-when":"'a' succeeded"}
            """
        #expect(
            try Self.look("waiting", waiting: "\(reason),\(other)").why(now: now)
                == "shop/42 waits: runner 'p' is full (for 5 min), until a place is free (in 1 h); "
                + "and action 'b': it comes after 'a', until 'a' succeeded")
        #expect(
            try Self.look("running", waiting: other).why(now: now)
                == "shop/42 is under way: action 'b': it comes after 'a', until 'a' succeeded")
        #expect(
            try Self.look("stopped").why(now: now)
                == "shop/42 waits for nothing: it has ended, stopped")
        #expect(
            try Self.look("running").why(now: now)
                == "shop/42 waits for nothing: it is under way")
    }
}
