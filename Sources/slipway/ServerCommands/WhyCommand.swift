import Client
import JSON
import Pipelines

enum WhyCommand: Command {
    static let words = CommandWords(
        "why", "tell in a sentence what an execution waits for",
        forms: [
            Form(
                takes: .ofServer + [.json],
                operands: [Operand("PIPELINE/NUMBER", .execution)])
        ],
        prose: [
            "Says who or what is waited for, and what ends the wait: an approval and by whom, a "
                + "closed transition and who closed it, an execution that is in the stage, a "
                + "runner whose places are taken."
        ],
        examples: [.init("slipway why shop/42", "what is 42 waiting for?")],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let (pipeline, number, _) = try arguments.execution(example: "why shop/42")
        return asking(arguments, Self.self) { remote throws(ClientError) in
            let execution = try remote.client.get(
                ExecutionDetail.self, "pipelines", pipeline, "executions", "\(number)"
            ).value
            let why = execution.why(now: remote.face.now)
            if remote.face.isJSON {
                let object: JSON = [
                    "execution": .string(execution.execution), "status": .string(execution.status),
                    "why": .string(why),
                ]
                Output.print(JSONLines.line(Array(object.text.utf8)) + "\n")
            } else {
                Output.print(Report.visible(why) + "\n")
            }
            return ExitCode.success
        }
    }
}
