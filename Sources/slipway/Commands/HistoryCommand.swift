import JSON
import Pipelines
import Store
import Zones

enum HistoryCommand: Command {
    static let words = CommandWords(
        "history", "show what has been run, and how it ended",
        forms: [
            Form(
                takes: [
                    Flag("--limit", "N", .text, "how many executions to list; 20 without it"),
                    .home, Flag("--json", "print one JSON object a line"),
                ],
                operands: [
                    Operand("PIPELINE[/NUMBER]", .pipeline, .execution, count: .perhaps)
                ])
        ],
        prose: [
            "Lists executions, the newest first: of all pipelines, or of the one named. For one "
                + "execution it lists every attempt at its actions, with how it ended and how long "
                + "it took."
        ],
        examples: [
            .init("slipway history", "the last 20 executions"),
            .init("slipway history shop --limit 5", "the last five of pipeline 'shop'"),
            .init("slipway history shop/42", "every attempt of execution 42"),
        ],
        exits: [
            .init(ExitCode.success, "shown"), .init(ExitCode.usage, "a mistake in usage"),
            .init(ExitCode.host, "there is nothing to read"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let home = try LocalPlace.existingHome(arguments)
        guard arguments.operands.count <= 1 else {
            throw UsageError("one thing is shown at a time", hint: "name a pipeline, or none")
        }
        let written = arguments.value(of: "--limit") ?? "20"
        guard let limit = Int(written), limit > 0 else {
            throw UsageError(
                "'--limit \(Report.visible(written))' is no number above 0",
                hint: "write '--limit 50'")
        }
        let isJSON = arguments.has("--json")
        return hosted { () throws(StoreError) in
            if let (pipeline, number) = ExecutionName.parse(arguments.operands.first) {
                let attempts = try History.attempts(of: pipeline, number, in: home)
                show(attempts, isJSON)
                guard attempts.isEmpty, try !ExecutionName.isKnown(pipeline, number, in: home)
                else { return ExitCode.success }
                return notThere("there is no execution '\(pipeline)/\(number)'", Self.self)
            }
            let pipeline = arguments.operands.first
            let executions = try History.executions(in: home, of: pipeline, limit: limit)
            show(executions, isJSON)
            guard executions.isEmpty, let pipeline else { return ExitCode.success }
            return notThere(
                "no execution of '\(Report.visible(pipeline))' is on record", Self.self)
        }
    }

    private static func show(_ executions: [History.Execution], _ isJSON: Bool) {
        for execution in executions {
            let name = "\(execution.pipeline)/\(execution.number)"
            let began = Timestamp.text(milliseconds: Int64(execution.createdAt))
            let time = execution.finishedAt.map { Duration.milliseconds($0 - execution.createdAt) }
            if isJSON {
                let object: JSON = [
                    "execution": .string(name), "status": .string(execution.status),
                    "reason": .string(execution.reason), "started": .string(began),
                    "milliseconds": time.map { .int($0.milliseconds) } ?? .null,
                ]
                Output.print(object.text + "\n")
            } else {
                let reason = execution.reason.isEmpty ? "" : "  \(execution.reason)"
                Output.print(
                    "\(name)  \(execution.status)  \(began)  \(time?.short ?? "-")\(reason)\n")
            }
        }
    }

    private static func show(_ attempts: [History.Attempt], _ isJSON: Bool) {
        for attempt in attempts {
            let name = "\(attempt.stage)/\(attempt.job)"
            let time = attempt.finishedAt.map { Duration.milliseconds($0 - attempt.queuedAt) }
            if isJSON {
                let object: JSON = [
                    "stage": .string(attempt.stage), "action": .string(attempt.job),
                    "visit": .int(attempt.visit), "attempt": .int(attempt.number),
                    "status": .string(attempt.status), "reason": .string(attempt.reason),
                    "milliseconds": time.map { .int($0.milliseconds) } ?? .null,
                ]
                Output.print(object.text + "\n")
            } else {
                let number = attempt.number == 1 ? "" : " (attempt \(attempt.number))"
                let reason = attempt.reason.isEmpty ? "" : "  \(attempt.reason)"
                Output.print(
                    "\(name)\(number)  \(attempt.status)  \(time?.short ?? "-")\(reason)\n")
            }
        }
    }
}

/// `shop/42`, as people write an execution.
enum ExecutionName {
    static func parse(_ text: String?) -> (String, Int)? {
        guard let text, let slash = text.lastIndex(of: "/"),
            let number = Int(text[text.index(after: slash)...])
        else { return nil }
        return (String(text[..<slash]), number)
    }

    static func isKnown(
        _ pipeline: String, _ number: Int, in home: String
    ) throws(StoreError) -> Bool {
        try History.execution(number, of: pipeline, in: home) != nil
    }
}
