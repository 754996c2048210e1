import Client
import HTTP
import JSON
import Pipelines

enum RunnersCommand: Command {
    static let words = CommandWords(
        "runners", "list a server's runners, and say how much they do at once",
        forms: [
            Form(
                "list", "shows them with what they do; so does no word at all.",
                takes: .ofServer + [.json]),
            Form(
                "set", "changes how many actions run at once; what runs is not touched.",
                needs: [[Flag("--places", "N", .text, "how many actions at once")]],
                takes: .ofServer, operands: [Operand("RUNNER", .served(.runners))]),
        ],
        prose: ["With no places a runner begins nothing more: so a machine is emptied."],
        examples: [.init("slipway runners set process --places 8", "eight actions at once")],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        guard try arguments.verb(of: Self.self, orElse: "list").verb == "set" else {
            _ = try arguments.operands(0...1, example: "runners list")
            return asking(arguments, Self.self, list)
        }
        let example = "runners set process --places 8"
        let name = try arguments.operands(1...1, after: "set", example: example)[0]
        guard let places = arguments.value(of: "--places").flatMap({ Int($0) }), places >= 0 else {
            throw UsageError("it is not said how many places", hint: "write 'slipway \(example)'")
        }
        return asking(arguments, Self.self) { remote throws(ClientError) in
            try remote.client.send(.put, ["runners", name], ["places": .int(places)])
            Output.print(
                "runner \(Report.visible(name)) has \(Output.count(places, "place"))\n")
            return ExitCode.success
        }
    }

    private static func list(_ remote: Remote) throws(ClientError) -> Int32 {
        let listing = try remote.client.list(
            RunnerWords.self, path: ["runners"], isPaged: false)
        remote.face.show(listing, empty: "there are no runners") { runners in
            var table = Table("RUNNER", "PLACES", "RUNNING", "WAITING")
            for runner in runners {
                table.add(
                    .init(runner.name), .init("\(runner.places)"), .init("\(runner.used)"),
                    .init("\(runner.queued)"))
            }
            return table
        }
        return ExitCode.success
    }
}
