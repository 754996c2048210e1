import Attempts
import Engine
import HTTP
import Logs
import People
import Pipelines
import Store
import TestReports

/// What attempts printed, and what their tests told.
enum LogRoutes {
    /// What is longer is read while it is sent.
    private static let atOnce = 256 << 10
    private static let attempt: [Route.Segment] = [
        "api", "v1", "pipelines", .pipeline, "executions", .number, "attempts", .stage,
        .parameter(.visit), .parameter(.job), .parameter(.attempt),
    ]

    static let all: [Route] = [
        Route(
            .get, attempt + ["log"], .pipeline(.look),
            "Read the log of an attempt, or follow it as server-sent events.",
            query: [
                QueryParameter(
                    name: "offset",
                    about: "The byte to begin at; below 0 it counts from the end.",
                    shape: .whole(-Int(Int32.max)...(1 << 48))),
                QueryParameter(
                    name: "limit", about: "How many bytes at most; all if it is left out.",
                    shape: .whole(1...(1 << 48))),
                QueryParameter(
                    name: "follow",
                    about: "Send events `log` until the attempt is over, then `end`. "
                        + "`Accept: text/event-stream` says the same.", shape: .truth),
            ],
            answers: [
                .bytes("Its bytes, or events.", "text/plain"),
                .nothing(204, "Everything has been told to whoever resumes."),
            ], handle: log),
        Route(
            .get, attempt + ["tests"], .pipeline(.look), "Show what the tests of an attempt told.",
            query: [
                .limit, .after,
                QueryParameter(name: "failed", about: "Only those that failed.", shape: .truth),
            ],
            answers: [.json("The report.", ShownTests.view)], handle: tests),
    ]

    private static func log(_ call: Call) throws(Problem) -> Deed {
        let id = try call.attemptID()
        let offset = try call.whole("offset", -Int(Int32.max)...(1 << 48)) ?? 0
        let limit = try call.whole("limit", 1...(1 << 48))
        let accept = call.request.headers["Accept"] ?? ""
        let isFollowing = try call.truth("follow") || accept.contains("text/event-stream")
        let resumed = isFollowing ? try call.lastEvent() : nil
        return .look { archive in
            guard let row = try archive.attempt(id) else {
                throw Problem.missing("attempt '\(id)'")
            }
            let folder = call.house.folder(id)
            let isOver = row.finishedAt != nil
            if isFollowing {
                let size = try LogRoutes.size(folder)
                let start = resumed ?? place(offset, in: size)
                // Tells a browser's event source that it need not come again.
                if isOver, let resumed, resumed >= size { return .answer(Response(204)) }
                let known = try archive.last()
                let stream = LogStream(of: id, from: start, known: known, in: call.house) {
                    call.isStillAllowed
                }
                return .answer(Response(200, .events, stream: stream))
            }
            return .answer(try bytes(of: folder, offset, limit, isOver))
        }
    }

    private static func bytes(
        of folder: AttemptFolder, _ offset: Int, _ limit: Int?, _ isOver: Bool
    ) throws -> Response {
        var headers: Headers = ["Content-Type": "text/plain; charset=utf-8"]
        headers.add("X-Log-Complete", isOver ? "true" : "false")
        let opened = try reader(folder)
        guard var reader = opened else {
            headers.add("X-Log-Size", "0")
            return Response(200, headers)
        }
        let size = try reader.length()
        let start = place(offset, in: size)
        let end = start + min(limit ?? size, size - start)
        headers.add("X-Log-Size", "\(size)")
        guard end - start > atOnce else {
            return Response(200, headers, try reader.read(from: start, upTo: end - start).bytes)
        }
        return Response(200, headers, stream: LogBytes(reader, start..<end))
    }

    private static func size(_ folder: AttemptFolder) throws(LogError) -> Int {
        let reader = try reader(folder)
        return try reader?.length() ?? 0
    }

    /// Nothing as long as the attempt has printed nothing.
    private static func reader(_ folder: AttemptFolder) throws(LogError) -> LogReader? {
        do throws(LogError) {
            return try LogReader.open(LogPlace(folder.log))
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    private static func place(_ offset: Int, in size: Int) -> Int {
        offset < 0 ? max(0, size + offset) : min(offset, size)
    }

    private static func tests(_ call: Call) throws(Problem) -> Deed {
        let id = try call.attemptID()
        let limit = try call.limit()
        let skipped = try call.cursor(Parameters.counted) ?? 0
        let onlyFailed = try call.truth("failed")
        return .look { archive in
            guard try archive.attempt(id) != nil else { throw Problem.missing("attempt '\(id)'") }
            let folder = call.house.folder(id)
            guard let record = TestRecordFile.read(in: folder) else {
                throw TestRecordFile.exists(in: folder)
                    ? Problem(
                        500, "damaged", "the test report of '\(id)' is damaged",
                        hint: "whoever hosts this server finds it in the attempt's folder")
                    : Problem.missing("test report of '\(id)'", hint: "it wrote none")
            }
            let cases = onlyFailed ? record.cases.filter(\.outcome.isFailure) : record.cases
            let items = Array(cases.dropFirst(skipped).prefix(limit))
            let next = skipped + limit < cases.count ? "\(skipped + limit)" : nil
            return .json(
                ShownTests.view, ShownTests(summary: record.summary, cases: items, next: next))
        }
    }
}

extension Headers {
    static let events: Headers = [
        "Content-Type": "text/event-stream", "X-Accel-Buffering": "no",
    ]
}

extension Call {
    /// Where whoever comes again has been.
    func lastEvent() throws(Problem) -> Int? {
        guard let text = request.headers["Last-Event-ID"], !text.isEmpty else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw Problem(
                400, "query", "'Last-Event-ID' is no number",
                hint: "send the id of the last event that was received")
        }
        return number
    }

    /// Whether what allowed this call still does.
    var isStillAllowed: Bool {
        guard let caller = try? house.gatekeeper.caller(of: request) else { return false }
        return parameters.pipeline.map { caller.may(.look, on: $0) }
            ?? caller.maySomewhere(.look)
    }
}

struct ShownTests {
    let summary: TestSummary
    let cases: [TestCase]
    let next: String?

    static let view = View<ShownTests>(
        "TestReport", "What the tests of an attempt told.",
        [
            .count("total", "How many there were.") { $0.summary.total },
            .count("failed", "How many failed or broke.") { $0.summary.failed },
            .count("skipped", "How many were skipped.") { $0.summary.skipped },
            .count("flaky", "How many passed only when they were run again.") { $0.summary.flaky },
            .count("microseconds", "How long they took in all.") { $0.summary.microseconds },
            .texts("warnings", "What is to be known of the report itself.") { $0.summary.warnings },
            .list("items", "The tests.", of: testView) { $0.cases },
            .optionalText("next", "What to give as `after` for the next part; null at the end.") {
                $0.next
            },
        ])
}

private let testView = View<TestCase>(
    "Test", "A test.",
    [
        .text("suite", "Its suite.") { $0.suite },
        .text("group", "Its class, package or file.") { $0.group },
        .text("name", "Its name.") { $0.name },
        .text("file", "Its source, if the tool says.") { $0.file },
        .word("outcome", "How it ended.", among: TestCase.Outcome.allCases.map(\.rawValue)) {
            $0.outcome.rawValue
        },
        .optionalCount("microseconds", "How long it took, if the tool says.") { $0.microseconds },
        .text("message", "Why it failed.") { $0.message },
        .text("details", "What it printed of that.") { $0.details },
        .truth("flaky", "Whether it passed only when it was run again.") { $0.isFlaky },
    ])
