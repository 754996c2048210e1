import JSON
import Pipelines

enum PlanCommand: Command {
    static let words = CommandWords(
        "plan", "show what a pipeline would run, in what order and why",
        forms: [
            Form(
                takes: [Flag("--json", "print one JSON object")],
                operands: [Operand("FILE", .definition)])
        ],
        prose: [
            "Shows the stages of a definition in order: what each waits for, which of its actions "
                + "start together, what each comes after, how often it is retried, and what "
                + "follows a failure. Nothing is run. '-' reads standard input."
        ],
        examples: [.init("slipway plan pipeline.yml", "what `slipway run` would do")],
        exits: [
            .init(ExitCode.success, "shown"),
            .init(ExitCode.usage, "the definition has mistakes, which are shown instead"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        guard arguments.operands.count == 1, let path = arguments.operands.first else {
            throw UsageError(
                arguments.operands.isEmpty ? "no file is named" : "one file is planned at a time",
                hint: "write 'slipway plan pipeline.yml'")
        }
        let file = DefinitionFile(path)
        guard let definition = file.definition else {
            Output.error(file.checked.report)
            return ExitCode.usage
        }
        let plan = Plan(of: definition)
        Output.print(arguments.has("--json") ? plan.json.pretty : plan.text)
        return ExitCode.success
    }
}
