import Attempts
import Logs
import Pipelines
import Store

enum LogsCommand: Command {
    static let name = "logs"
    static let about = "print what the actions of an execution printed"
    static let flags = [Flag("--home", takesValue: true)]
    static let help = """
        slipway logs [PIPELINE/NUMBER [STAGE/ACTION]] [--home DIR]

        Prints the logs of an execution, of the last one if none is named, in the order its actions
        were begun; or the log of one action alone, byte for byte.

        Exit code 0: printed; 2: a mistake in usage; 4: there is nothing to read.

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
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
        return try hostedUsage { () throws(StoreError) in
            var execution = named
            if execution == nil {
                let last = try History.executions(in: home, of: nil, limit: 1).first
                execution = last.map { ($0.pipeline, $0.number) }
            }
            guard let (pipeline, number) = execution else { return }
            for attempt in try History.attempts(of: pipeline, number, in: home) {
                let name = "\(attempt.stage)/\(attempt.job)"
                if let wanted, wanted != name { continue }
                if wanted == nil {
                    Output.print("== \(attempt.title): \(attempt.status)\n")
                }
                print(LogPlace(attempt.folder(of: pipeline, number, in: home).log))
            }
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
