import JSON
import Pipelines

enum PlanCommand: Command {
    static let name = "plan"
    static let about = "show what a definition would run, in what order and why"
    static let flags = [Flag("--json")]
    static let help = """
        slipway plan FILE [--json]

        Shows the stages of a definition in order: what each waits for, which of its actions start
        together, what each comes after, how often it is retried, and what follows a failure.
        Nothing is run.

        Exit code 0: shown; 2: the definition has mistakes, which are shown instead.

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        guard arguments.operands.count == 1, let path = arguments.operands.first else {
            throw UsageError(
                "one file is planned at a time", hint: "write 'slipway plan pipeline.yml'")
        }
        let file = DefinitionFile(path)
        guard let definition = file.definition else {
            Output.error(file.report)
            return ExitCode.usage
        }
        let plan = Plan(of: definition)
        Output.print(arguments.has("--json") ? plan.json.pretty : plan.text)
        return ExitCode.success
    }
}
