import Client
import HTTP
import JSON
import Pipelines

enum SkipCommand: Command {
    static let words = CommandWords(
        "skip", "take an execution past a stage that it has not passed",
        forms: [
            Form(
                needs: [[.reason]], takes: .ofServer,
                operands: [
                    Operand("PIPELINE/NUMBER", .execution), Operand("STAGE", .served(.stages)),
                ])
        ],
        prose: ["It is kept on the record who did it and why."],
        examples: [
            .init(
                "slipway skip shop/42 smoke --reason 'the test machine is down'",
                "goes on after stage 'smoke'")
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let (pipeline, number, rest) = try arguments.execution(
            more: 1...1, example: "skip shop/42 smoke --reason TEXT")
        let reason = try arguments.reasonGiven()
        return asking(arguments, Self.self) { remote throws(ClientError) in
            try remote.client.send(
                .post,
                ["pipelines", pipeline, "executions", "\(number)", "stages", rest[0], "skip"],
                ["reason": .string(reason)], key: Client.newKey())
            let name = Report.visible("\(pipeline)/\(number)")
            Output.print("\(name) goes past stage '\(Report.visible(rest[0]))'\n")
            return ExitCode.success
        }
    }
}

extension Arguments {
    func reasonGiven() throws(UsageError) -> String {
        guard let reason = value(of: "--reason"), !reason.isEmpty else {
            throw UsageError(
                "no reason is given", hint: "add --reason 'TEXT'; it is kept on the record")
        }
        return reason
    }
}
