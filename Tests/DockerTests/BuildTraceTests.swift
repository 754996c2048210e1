import Docker
import FoundationEssentials
import Testing

/// What an Engine (20.10) has told of builds of `FROM slipway-test:1` and `RUN echo hi; exit 3`.
enum ToldTraces {
    static func bytes(_ text: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: text)))
    }

    static let began =
        "Cr0BCkdzaGEyNTY6MWQ2NzIwOWUzYjdiMGM1MGQ2MmVlZGJlOGUxMGM1OGRlMDY2YTAwN2NjZThhZjFkNTU3MmFl"
        + "MjVjODM3Y2NkYhJHc2hhMjU2OmNlYzljZDhjOTJlYjM4ZDcwYjA0MDAxMTNjZjMwZDA2OTRlZjg1YWU5YWNmZTkz"
        + "OWQ0YzEyZjIxYTNmZjRkNTIaG1syLzJdIFJVTiBlY2hvIGhpIHk7IGV4aXQgMyoMCPW9htgGEIe+4MkC"
    static let printed =
        "GmAKR3NoYTI1NjoxZDY3MjA5ZTNiN2IwYzUwZDYyZWVkYmU4ZTEwYzU4ZGUwNjZhMDA3Y2NlOGFmMWQ1NTcyYWUy"
        + "NWM4MzdjY2RiEgwI9b2G2AYQxJiUnwMYASIFaGkgeQo="
    static let failed =
        "CpICCkdzaGEyNTY6MWQ2NzIwOWUzYjdiMGM1MGQ2MmVlZGJlOGUxMGM1OGRlMDY2YTAwN2NjZThhZjFkNTU3MmFl"
        + "MjVjODM3Y2NkYhJHc2hhMjU2OmNlYzljZDhjOTJlYjM4ZDcwYjA0MDAxMTNjZjMwZDA2OTRlZjg1YWU5YWNmZTkz"
        + "OWQ0YzEyZjIxYTNmZjRkNTIaG1syLzJdIFJVTiBlY2hvIGhpIHk7IGV4aXQgMyoMCPW9htgGEIe+4MkCMgwI9b2G"
        + "2AYQ6uOp1gM6RWV4ZWN1dG9yIGZhaWxlZCBydW5uaW5nIFsvYmluL3NoIC1jIGVjaG8gaGkgJEE7IGV4aXQgM106"
        + "IGV4aXQgY29kZTogMw=="
    static let cached =
        "CpQBCkdzaGEyNTY6Y2VjOWNkOGM5MmViMzhkNzBiMDQwMDExM2NmMzBkMDY5NGVmODVhZTlhY2ZlOTM5ZDRjMTJm"
        + "MjFhM2ZmNGQ1MhorWzEvMl0gRlJPTSBkb2NrZXIuaW8vbGlicmFyeS9zbGlwd2F5LXRlc3Q6MSABKgwI9r2G2AYQ"
        + "0sb88wEyDAj2vYbYBhCHv/3zAQ=="

    static func answer(_ traces: [String], and rest: [String] = []) -> [UInt8] {
        let lines = traces.map { "{\"id\":\"moby.buildkit.trace\",\"aux\":\"\($0)\"}" } + rest
        return Array(lines.map { $0 + "\r\n" }.joined().utf8)
    }
}

@Suite("What BuildKit tells") struct BuildTraceTests {
    @Test func `is steps, with what they printed and how they ended`() throws {
        let began = try #require(BuildTrace(ToldTraces.bytes(ToldTraces.began)))
        #expect(began.steps.map(\.name) == ["[2/2] RUN echo hi y; exit 3"])
        #expect(began.steps.map(\.completed) == [nil])
        let printed = try #require(BuildTrace(ToldTraces.bytes(ToldTraces.printed)))
        #expect(printed.prints.map(\.bytes) == [Array("hi y\n".utf8)])
        #expect(printed.prints.map(\.step) == began.steps.map(\.digest))
        let failed = try #require(BuildTrace(ToldTraces.bytes(ToldTraces.failed)))
        #expect(failed.steps.first?.error.hasSuffix("exit code: 3") == true)
        let step = try #require(failed.steps.first)
        #expect(try #require(step.completed) - #require(step.started) == 295)
        let cached = try #require(BuildTrace(ToldTraces.bytes(ToldTraces.cached)))
        #expect(cached.steps.map(\.isCached) == [true])
    }

    @Test func `is nothing, and no harm, where it is cut`() throws {
        let whole = try ToldTraces.bytes(ToldTraces.failed)
        for length in 1..<whole.count { #expect(BuildTrace(Array(whole[..<length])) == nil) }
    }

    @Test func `does no harm where it is damaged`() throws {
        let whole = try ToldTraces.bytes(ToldTraces.failed)
        for place in whole.indices {
            for byte: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var bytes = whole
                bytes[place] = byte
                guard let trace = BuildTrace(bytes) else { continue }
                var lines = BuildLines()
                #expect(lines.lines(of: trace).count <= 3)
            }
        }
    }

    @Test(
        "is refused where a field cannot be",
        arguments: [
            [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            [0x0A, 0x80], [0x00, 0x01], [0x0B], [0x0A, 0x02, 0x0A],
            [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
        ] as [[UInt8]])
    func refused(bytes: [UInt8]) { #expect(BuildTrace(bytes) == nil) }
}

@Suite("The answer to a build") struct BuildStoryTests {
    private static func lines(of answer: [UInt8]) -> (lines: [String], story: BuildStory) {
        var story = BuildStory()
        var lines = story.feed(answer)
        lines += story.finish()
        return (lines, story)
    }

    private static let failure = ToldTraces.answer(
        [ToldTraces.cached, ToldTraces.began, ToldTraces.printed, ToldTraces.failed],
        and: ["{\"errorDetail\":{\"message\":\"it failed\"},\"error\":\"it failed\"}"])

    @Test func `is shown a line for each that happened, and ends with what failed`() {
        let (lines, story) = Self.lines(of: Self.failure)
        #expect(
            lines == [
                "#1 [1/2] FROM docker.io/library/slipway-test:1", "#1 CACHED",
                "#2 [2/2] RUN echo hi y; exit 3", "#2 0.179 hi y",
                "#2 ERROR: executor failed running [/bin/sh -c echo hi $A; exit 3]: exit code: 3",
                "------", " > [2/2] RUN echo hi y; exit 3:", "#2 0.179 hi y", "------",
            ])
        #expect(throws: BuildProblem.failed("it failed", step: "[2/2] RUN echo hi y; exit 3")) {
            try story.result()
        }
    }

    @Test func `comes to the same wherever it is cut`() {
        let whole = Self.lines(of: Self.failure).lines
        for place in stride(from: 1, to: Self.failure.count, by: 7) {
            var story = BuildStory()
            var lines = story.feed(Array(Self.failure[..<place]))
            lines += story.feed(Array(Self.failure[place...]))
            #expect(lines + story.finish() == whole, "cut at \(place)")
        }
    }

    @Test func `names the image`() throws {
        let answer = ToldTraces.answer(
            [ToldTraces.cached],
            and: [
                "{\"id\":\"moby.image.id\",\"aux\":{\"ID\":\"sha256:12\"}}",
                "{\"stream\":\"Successfully tagged x\\n\"}",
            ])
        let (lines, story) = Self.lines(of: answer)
        #expect(lines.last == "#1 CACHED")
        #expect(try story.result() == "sha256:12")
    }

    @Test(
        "is no image where it is something else",
        arguments: [
            ("", "its answer ended without an image"),
            ("{\"stream\":\"x\"}\n", "its answer ended without an image"),
            ("<html>\n", "it sent a line that makes no sense"),
            (
                "{\"id\":\"moby.buildkit.trace\",\"aux\":\"////\"}\n",
                "it told of its steps in a way that is not known here"
            ),
        ])
    func broken(text: String, problem: String) {
        let (_, story) = Self.lines(of: Array(text.utf8))
        #expect(throws: BuildProblem.broken(problem)) { try story.result() }
    }
}
