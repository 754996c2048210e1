import Attempts
import Glibc
import Pipelines
import Store
import TestReports

enum TestsCommand: Command {
    private static let json = Flag("--json", "print one JSON object a line")

    static let words = CommandWords(
        "tests", "show what test reports told: failures, the slowest, the flaky",
        forms: [
            Form(
                takes: [
                    Flag("--slowest", "N", .text, "so many of the slowest; 5 without it"),
                    Flag("--failed", "failures alone, with all that was kept of what they printed"),
                    .home, json,
                ],
                operands: [Operand("PIPELINE/NUMBER", .execution, count: .perhaps)]),
            Form(
                needs: [
                    [
                        Flag(
                            "--flaky",
                            "tests of the pipeline that both passed and failed at the same commits "
                                + "of its sources, over all its executions, or of which a report "
                                + "itself says so")
                    ]
                ],
                takes: [.home, json],
                operands: [Operand("PIPELINE", .pipeline, count: .perhaps)]),
        ],
        prose: [
            "Shows what the test reports of an execution told, of the last one if none is named: "
                + "how many tests each attempt at an action ran, what failed and with which words, "
                + "and the slowest. Reports are the JUnit XML files that an action names, such as "
                + "`reports: results/*.xml`."
        ],
        examples: [
            .init("slipway tests", "what failed in the last execution, and the slowest"),
            .init("slipway tests shop/42 --failed", "what the failures of execution 42 printed"),
            .init("slipway tests shop --flaky", "tests of 'shop' that nobody can rely on"),
        ],
        exits: [
            .init(ExitCode.success, "shown"), .init(ExitCode.usage, "a mistake in usage"),
            .init(ExitCode.host, "there is nothing to read"),
        ])

    private static let standardSlowest = 5

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let home = try LocalPlace.existingHome(arguments)
        let isFlaky = arguments.has("--flaky")
        let named = try subject(arguments, isFlaky)
        let slowest = try slowest(arguments)
        return hosted { () throws(StoreError) in
            var pipeline = named?.pipeline
            var number = named?.number
            if pipeline == nil {
                let last = try History.executions(in: home, of: nil, limit: 1).first
                (pipeline, number) = (last?.pipeline, last?.number)
            }
            guard let pipeline, let number = isFlaky ? 0 : number else {
                return notThere(
                    "nothing has been run yet", Self.self, hint: "`slipway run` runs a pipeline")
            }
            if isFlaky {
                let search = try FlakyHistory.read(of: pipeline, in: home)
                TestsView(isJSON: arguments.has("--json")).show(search, of: pipeline)
                return ExitCode.success
            }
            let view = TestsView(
                isJSON: arguments.has("--json"), onlyFailed: arguments.has("--failed"),
                slowest: slowest)
            let attempts = try History.attempts(of: pipeline, number, in: home)
            if attempts.isEmpty, try !ExecutionName.isKnown(pipeline, number, in: home) {
                return notThere("there is no execution '\(pipeline)/\(number)'", Self.self)
            }
            show(attempts, of: pipeline, number, in: home, view)
            return ExitCode.success
        }
    }

    private static func show(
        _ attempts: [History.Attempt], of pipeline: String, _ number: Int, in home: String,
        _ view: consuming TestsView
    ) {
        for attempt in attempts {
            let folder = attempt.folder(of: pipeline, number, in: home)
            if let record = TestRecordFile.read(in: folder) {
                view.take(record, of: attempt)
            } else if TestRecordFile.exists(in: folder) {
                Output.error("slipway: '\(folder.tests)' is damaged\n")
            }
        }
        view.show("\(pipeline)/\(number)")
    }

    private static func subject(
        _ arguments: Arguments, _ isFlaky: Bool
    ) throws(UsageError) -> (pipeline: String, number: Int?)? {
        guard arguments.operands.count <= 1 else {
            throw UsageError("one thing is shown at a time", hint: "write 'slipway tests shop/42'")
        }
        guard let word = arguments.operands.first else { return nil }
        if let (pipeline, number) = ExecutionName.parse(word) { return (pipeline, number) }
        guard isFlaky else {
            throw UsageError(
                "'\(Report.visible(word))' is no execution", hint: "write it as 'shop/42'")
        }
        return (word, nil)
    }

    private static func slowest(_ arguments: Arguments) throws(UsageError) -> Int {
        for flag in ["--slowest", "--failed"] where arguments.has("--flaky") && arguments.has(flag)
        {
            throw UsageError(
                "'--flaky' is about a pipeline, and '\(flag)' about an execution",
                hint: "keep one of them")
        }
        guard let text = arguments.value(of: "--slowest") else { return standardSlowest }
        guard let number = Int(text), number >= 0 else {
            throw UsageError("'--slowest' is no number", hint: "write '--slowest 10'")
        }
        return number
    }
}

/// Test records over the history of a pipeline.
enum FlakyHistory {
    private static let mostExecutions = 10_000

    struct Found {
        let search: FlakySearch
        let executions: Int
    }

    static func read(of pipeline: String, in home: String) throws(StoreError) -> Found {
        var search = FlakySearch()
        var count = 0
        // Those that tested the same come together. Without a source nothing says what it was.
        let executions = try History.executions(in: home, of: pipeline, limit: mostExecutions)
            .map { (revision: $0.revisions.isEmpty ? "\($0.number)" : $0.revisions, $0.number) }
            .sorted { $0 < $1 }
        for (revision, number) in executions {
            let folder = "\(home)/executions/\(pipeline)/\(number)"
            guard unsafe access(folder, F_OK) == 0 else { continue }
            var hasTests = false
            for attempt in try History.attempts(of: pipeline, number, in: home) {
                let folder = attempt.folder(of: pipeline, number, in: home)
                guard let record = TestRecordFile.read(in: folder) else { continue }
                hasTests = true
                search.add(
                    record.cases,
                    of: FlakySearch.Run(
                        revision: revision, execution: "\(pipeline)/\(number)",
                        action: "\(attempt.stage)/\(attempt.job)", attempt: attempt.number,
                        at: attempt.finishedAt ?? attempt.queuedAt))
            }
            if hasTests { count += 1 }
        }
        return Found(search: search, executions: count)
    }
}
