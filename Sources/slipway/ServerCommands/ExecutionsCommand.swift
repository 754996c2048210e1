import Client
import JSON
import Pipelines

enum ExecutionsCommand: Command {
    static let words = CommandWords(
        "executions", "list the executions of a server's pipelines",
        forms: [
            Form(
                takes: [.limit] + .ofServer + [.json],
                operands: [Operand("PIPELINE", .pipeline, count: .perhaps)])
        ],
        prose: [
            "Lists the executions of a pipeline, or of all that you may see, the newest first."
        ],
        examples: [
            .init("slipway executions shop", "the last 50 of pipeline 'shop'"),
            .init("slipway executions", "the last 50 of all"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let pipeline = try arguments.operands(0...1, example: "executions shop").first
        let limit = try arguments.limit(orElse: 50)
        return asking(arguments, Self.self) { remote throws(ClientError) in
            let path = (pipeline.map { ["pipelines", $0] } ?? []) + ["executions"]
            let listing = try remote.client.list(ExecutionSummary.self, path: path, atMost: limit)
            let empty = pipeline.map { "'\(Report.visible($0))' has not" } ?? "nothing has"
            remote.face.show(listing, empty: "\(empty) run yet") { table(of: $0, remote.face) }
            return ExitCode.success
        }
    }

    private static func table(of executions: [ExecutionSummary], _ face: Face) -> Table {
        var table = Table("EXECUTION", "STATUS", "STAGE", "BEGAN", "TOOK", "BY", "COMMIT", "REASON")
        for execution in executions {
            let end = execution.finished ?? face.now
            let time = execution.created.map { Ago.elapsed(from: $0, to: end) } ?? ""
            let commits = execution.commits.sorted { $0.key < $1.key }.map {
                ShortVersion.of($0.value, digits: 8)
            }
            table.add(
                .init(execution.execution), face.status(execution.status),
                .init(execution.stage ?? ""), .init(face.ago(execution.created)), .init(time),
                .init(execution.by), .init(commits.joined(separator: " ")),
                .init(execution.reason.firstLine, .faint))
        }
        return table
    }
}
