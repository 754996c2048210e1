import Client
import HTTP
import JSON
import Pipelines

enum TransitionsCommand: Command {
    static let words = CommandWords(
        "transitions", "list, open and close the ways into stages",
        forms: [
            Form(
                "list", "shows those that are closed; so does no word at all.",
                takes: .ofServer + [.json]),
            Form(
                "close", "lets nothing more into a stage. What is in it is not touched.",
                needs: [[.reason]], takes: .ofServer,
                operands: [Operand("PIPELINE", .pipeline), Operand("STAGE", .served(.stages))]),
            Form(
                "open", "lets executions in again; they wait in their order.",
                takes: [.reason] + .ofServer,
                operands: [Operand("PIPELINE", .pipeline), Operand("STAGE", .served(.stages))]),
        ],
        prose: ["Who closed it and why is shown to everybody who waits before it."],
        examples: [
            .init(
                "slipway transitions close shop production --reason 'a release is on'",
                "nothing more goes into production"),
            .init("slipway transitions open shop production", "it goes on"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let verb = try arguments.verb(of: Self.self, orElse: "list").verb
        guard verb != "list" else {
            _ = try arguments.operands(0...1, example: "transitions list")
            return asking(arguments, Self.self, list)
        }
        let given = try arguments.operands(
            2...2, after: verb, example: "transitions \(verb) shop production")
        let reason =
            try verb == "close" ? arguments.reasonGiven() : arguments.value(of: "--reason") ?? ""
        return asking(arguments, Self.self) { remote throws(ClientError) in
            try remote.client.send(
                .put, ["pipelines", given[0], "stages", given[1], "transition"],
                ["open": .bool(verb == "open"), "reason": .string(reason)])
            let way = Report.visible("the way into stage '\(given[1])' of '\(given[0])'")
            Output.print("\(way) is \(verb == "open" ? "open" : "closed")\n")
            return ExitCode.success
        }
    }

    private static func list(_ remote: Remote) throws(ClientError) -> Int32 {
        let listing = try remote.client.list(PipelineSummary.self, "pipelines")
        let all = listing.items.flatMap { pipeline in
            pipeline.closed.map { (pipeline.name, $0) }
        }
        if remote.face.isJSON {
            for (line, pipeline) in zip(listing.lines, listing.items)
            where !pipeline.closed.isEmpty {
                Output.print(line + "\n")
            }
            return ExitCode.success
        }
        guard !all.isEmpty else {
            Output.print("no transition is closed\n")
            return ExitCode.success
        }
        var table = Table("PIPELINE", "STAGE", "CLOSED BY", "REASON")
        for (pipeline, door) in all {
            table.add(
                .init(pipeline), .init(door.stage), .init(door.by ?? ""), .init(door.reason ?? ""))
        }
        remote.face.show(table)
        return ExitCode.success
    }
}
