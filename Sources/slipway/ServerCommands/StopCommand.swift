import Client
import HTTP
import JSON
import Pipelines

enum StopCommand: Command {
    static let words = CommandWords(
        "stop", "stop an execution on a server",
        forms: [
            Form(
                takes: [Flag("--abandon", "end what runs now, instead of letting it end"), .reason]
                    + .ofServer,
                operands: [Operand("PIPELINE/NUMBER", .execution)])
        ],
        prose: ["Without '--abandon' what runs comes to its end, and nothing more is started."],
        examples: [
            .init("slipway stop shop/42", "lets what runs end, then stops"),
            .init("slipway stop shop/42 --abandon --reason 'wrong branch'", "ends it now"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let (pipeline, number, _) = try arguments.execution(example: "stop shop/42")
        let isAbandoned = arguments.has("--abandon")
        return asking(arguments, Self.self) { remote throws(ClientError) in
            try remote.client.send(
                .post, ["pipelines", pipeline, "executions", "\(number)", "stop"],
                [
                    "mode": isAbandoned ? "abandon" : "wait",
                    "reason": .string(arguments.value(of: "--reason") ?? ""),
                ], key: Client.newKey())
            let how = isAbandoned ? "is told to end now" : "stops when what runs has ended"
            Output.print("\(Report.visible(pipeline))/\(number) \(how)\n")
            return ExitCode.success
        }
    }
}
