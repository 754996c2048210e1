import Attempts
import Logs
import Pipelines
import Store

enum LogsCommand: Command {
    static let words = CommandWords(
        "logs", "print what the actions of an execution printed",
        forms: [
            Form(
                takes: [
                    .home, Flag("-f", "on a server: go on while it runs, until it is over"),
                ] + .ofServer,
                operands: [
                    Operand("PIPELINE/NUMBER", .execution, count: .perhaps),
                    Operand("STAGE/ACTION", .action, count: .perhaps),
                ])
        ],
        prose: [
            "Prints the logs of an execution, of the newest if none is named, in the order in "
                + "which its actions began. With an action it prints the log of that one alone, "
                + "byte for byte.",
            "With a server's address, or after `slipway login`, an execution is looked for there, "
                + "and with '--home' in that folder. Without an execution, what was run here is "
                + "meant.",
        ],
        examples: [
            .init("slipway logs", "everything that the newest execution printed"),
            .init("slipway logs shop/42", "everything that execution 42 of 'shop' printed"),
            .init("slipway logs shop/42 test/unit | less", "only action 'unit' of stage 'test'"),
            .init("slipway logs -f shop/42", "on a server: everything, as it is printed"),
        ],
        exits: [
            .init(ExitCode.success, "printed"), .init(ExitCode.usage, "a mistake in usage"),
            .init(ExitCode.host, "there is nothing to read"),
            .init(ExitCode.server, "the server refused, or could not be reached"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        if !arguments.operands.isEmpty || arguments.value(of: "--server") != nil
            || arguments.has("-f")
        {
            if let code = try RemoteLogs.run(arguments) { return code }
        }
        let home = try LocalPlace.existingHome(arguments)
        guard arguments.operands.count <= 2 else {
            throw UsageError("too many words", hint: "write 'slipway logs shop/42 test/unit'")
        }
        let named = ExecutionName.parse(arguments.operands.first)
        if named == nil, let word = arguments.operands.first {
            throw UsageError(
                "'\(Report.visible(word))' is no execution", hint: "write it as 'shop/42'")
        }
        let wanted = arguments.operands.dropFirst().first
        return hosted { () throws(StoreError) in
            var execution = named
            if execution == nil {
                let last = try History.executions(in: home, of: nil, limit: 1).first
                execution = last.map { ($0.pipeline, $0.number) }
            }
            guard let (pipeline, number) = execution else {
                return notThere(
                    "nothing has been run yet", Self.self, hint: "`slipway run` runs a pipeline")
            }
            let attempts = try History.attempts(of: pipeline, number, in: home)
            if attempts.isEmpty, try !ExecutionName.isKnown(pipeline, number, in: home) {
                return notThere("there is no execution '\(pipeline)/\(number)'", Self.self)
            }
            let names = attempts.map { "\($0.stage)/\($0.job)" }
            if let wanted, !names.contains(wanted) {
                return notThere(
                    "'\(Report.visible(wanted))' did not run in \(pipeline)/\(number)", Self.self,
                    hint: "`slipway history \(pipeline)/\(number)` lists what did")
            }
            for (attempt, name) in zip(attempts, names) {
                if let wanted, wanted != name { continue }
                if wanted == nil {
                    Output.print("== \(attempt.title): \(attempt.status)\n")
                }
                print(LogPlace(attempt.folder(of: pipeline, number, in: home).log))
            }
            return ExitCode.success
        }
    }

    /// Plain or compressed, in pieces: a log may be larger than the memory.
    private static func print(_ place: LogPlace) {
        do throws(LogError) {
            var reader = try LogReader.open(place)
            var offset = 0
            while true {
                let piece = try reader.read(from: offset, upTo: 1 << 18)
                if piece.bytes.isEmpty { return }
                Output.print(bytes: piece.bytes)
                offset = piece.next
            }
        } catch {
            // An attempt that was never begun has printed nothing.
            if error.kind != .notFound { Output.error("slipway: \(error)\n") }
        }
    }
}
