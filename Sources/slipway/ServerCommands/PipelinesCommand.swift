import Client
import HTTP
import JSON
import Pipelines

enum PipelinesCommand: Command {
    static let words = CommandWords(
        "pipelines", "list a server's pipelines, or change them",
        forms: [
            Form("list", "shows all of them; so does no word at all.", takes: .ofServer + [.json]),
            Form(
                "put",
                "gives the server the pipeline of a file, new or in a new version.",
                takes: .ofServer, operands: [Operand("FILE", .definition)]),
            Form(
                "definition", "prints a pipeline as it was written.",
                takes: .ofServer, operands: [Operand("PIPELINE", .pipeline)]),
            Form(
                "remove", "takes a pipeline away; what it has run stays on the record.",
                takes: .ofServer + [.agreed], operands: [Operand("PIPELINE", .pipeline)]),
        ],
        prose: [
            "Each line tells how the last execution of a pipeline ended, or what it waits for, and "
                + "which of its transitions are closed."
        ],
        examples: [
            .init("slipway pipelines", "all of them"),
            .init("slipway pipelines put pipeline.yml", "gives the server a pipeline"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        switch try arguments.verb(of: Self.self, orElse: "list").verb {
        case "put":
            let file = try arguments.operands(1...1, after: "put", example: "pipelines put FILE")
            return try ValidateCommand.send(file[0], arguments, Self.self, isDry: false)
        case "definition":
            let example = "pipelines definition shop"
            let name = try arguments.operands(1...1, after: "definition", example: example)[0]
            return asking(arguments, Self.self) { remote throws(ClientError) in
                var call = ServerCall(.get, "pipelines", name, "definition")
                call.accepts = "application/yaml, application/problem+json"
                Output.print(server: try remote.client.ask(call).body)
                return ExitCode.success
            }
        case "remove":
            let example = "pipelines remove shop"
            let name = try arguments.operands(1...1, after: "remove", example: example)[0]
            return asking(arguments, Self.self) { remote throws(ClientError) in
                try arguments.agree(to: "Remove pipeline '\(Report.visible(name))'?")
                try remote.client.send(.delete, ["pipelines", name])
                Output.print("pipeline \(Report.visible(name)) is removed\n")
                return ExitCode.success
            }
        default:
            _ = try arguments.operands(0...1, example: "pipelines list")
            return asking(arguments, Self.self, list)
        }
    }

    private static func list(_ remote: Remote) throws(ClientError) -> Int32 {
        let listing = try remote.client.list(PipelineSummary.self, "pipelines")
        let empty = "there are no pipelines; `slipway pipelines put FILE` brings one"
        remote.face.show(listing, empty: empty) { pipelines in
            var table = Table("PIPELINE", "LAST", "STATUS", "WHEN", "NOTE")
            for pipeline in pipelines {
                let last = pipeline.last
                table.add(
                    .init(pipeline.name), .init(last?.execution ?? "-"),
                    last.map { remote.face.status($0.status) } ?? "-",
                    .init(remote.face.ago(last?.finished ?? last?.created)),
                    .init(note(on: pipeline), .faint))
            }
            return table
        }
        return ExitCode.success
    }

    private static func note(on pipeline: PipelineSummary) -> String {
        let closed = pipeline.closed.map { door in
            let reason = door.reason.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
            return "'\(door.stage)' is closed" + reason
        }
        let notes = (pipeline.problems ?? []) + closed + pipeline.waiting.map(\.sentence)
        return notes.joined(separator: "; ")
    }
}
