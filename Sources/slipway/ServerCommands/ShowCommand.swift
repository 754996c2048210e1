import Client
import JSON
import Pipelines

enum ShowCommand: Command {
    static let words = CommandWords(
        "show", "show an execution: what failed, its stages, what it waits for",
        forms: [
            Form(
                takes: .ofServer + [.json],
                operands: [Operand("PIPELINE/NUMBER", .execution)])
        ],
        prose: ["What failed comes first, each with the command that prints its log."],
        examples: [.init("slipway show shop/42", "all there is to say of execution 42 of 'shop'")],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let (pipeline, number, _) = try arguments.execution(example: "show shop/42")
        return asking(arguments, Self.self) { remote throws(ClientError) in
            let told = try remote.client.get(
                ExecutionDetail.self, "pipelines", pipeline, "executions", "\(number)")
            if remote.face.isJSON {
                Output.print(told.line + "\n")
            } else {
                show(told.value, remote.face)
            }
            return ExitCode.success
        }
    }

    private static func show(_ execution: ExecutionDetail, _ face: Face) {
        let status = face.paint(
            Report.visible(execution.status), Table.Paint(of: execution.condition))
        let reason = execution.reason.isEmpty ? "" : ": \(execution.reason.firstLine)"
        Output.print("\(Report.visible(execution.execution)) \(status)\(Report.visible(reason))\n")
        var times = ["began \(face.ago(execution.created))"]
        if let start = execution.created {
            let verb = execution.finished == nil ? "for" : "took"
            times.append(
                "\(verb) \(Ago.elapsed(from: start, to: execution.finished ?? face.now))")
        }
        times.append("by \(execution.by) (\(execution.cause))")
        Output.print("  \(Report.visible(times.joined(separator: ", ")))\n")
        for revision in execution.revisions { Output.print("  \(revision.sentence)\n") }
        showFailures(of: execution, face)
        showStages(of: execution, face)
        if !execution.condition.isOver, !execution.waiting.isEmpty {
            Output.print("\nwaits:\n")
            for wait in execution.waiting {
                Output.print("  \(Report.visible(wait.sentence))\n")
                Output.print("    until \(Report.visible(wait.endsWhen))\n")
            }
        }
    }

    private static func showFailures(of execution: ExecutionDetail, _ face: Face) {
        let failed = execution.stages.flatMap { stage in
            stage.actions.filter { $0.condition == .failed }.map { (stage.name, $0) }
        }
        guard !failed.isEmpty else { return }
        Output.print("\nfailed:\n")
        for (stage, action) in failed {
            let name = Report.visible("\(stage)/\(action.name)")
            let reason = action.attempts.last?.reason ?? ""
            Output.print("  \(face.paint(name, .bad))  \(Report.visible(reason.firstLine))\n")
            for line in reason.furtherLines { Output.print("    \(line)\n") }
            Output.print("    slipway logs \(Report.visible(execution.execution)) \(name)\n")
        }
    }

    private static func showStages(of execution: ExecutionDetail, _ face: Face) {
        var table = Table("STAGE", "STATUS", "TOOK", "NOTE")
        for stage in execution.stages {
            let note = stage.visits > 1 ? "visit \(stage.visits)" : ""
            table.add(.init(stage.name), face.status(stage.status), "", .init(note, .faint))
            for action in stage.actions {
                let last = action.attempts.last
                let time = last?.started.map {
                    Ago.elapsed(from: $0, to: last?.finished ?? face.now)
                }
                let count = action.attempts.count
                let note = count > 1 ? "\(count) attempts" : ""
                table.add(
                    .init("  \(action.name)"), face.status(action.status), .init(time ?? ""),
                    .init(note, .faint))
            }
        }
        guard !execution.stages.isEmpty else { return }
        Output.print("\n")
        face.show(table)
    }
}
