import Pipelines

enum CompletionCommand: Command {
    static let words = CommandWords(
        "completion", "print what makes a shell complete slipway's words",
        forms: [
            Form(operands: [Operand("bash|zsh|fish", .oneOf(Shell.allCases.map(\.rawValue)))])
        ],
        prose: [
            "Prints a script for 'bash', 'zsh' or 'fish'. With it, Tab completes commands, options "
                + "and files, and also the stages and variables of the pipeline at hand, and the "
                + "executions and actions on record. The script asks the `slipway` on the PATH, so "
                + "it need not be made again for a new version."
        ],
        examples: [
            .init("source <(slipway completion bash)", "in '~/.bashrc'"),
            .init("source <(slipway completion zsh)", "in '~/.zshrc', after `compinit`"),
            .init(
                "slipway completion fish > ~/.config/fish/completions/slipway.fish",
                "once, for fish"),
        ],
        exits: [
            .init(ExitCode.success, "printed"), .init(ExitCode.usage, "a mistake in usage"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let names = Shell.allCases.map(\.rawValue)
        guard arguments.operands.count == 1, let name = arguments.operands.first else {
            throw UsageError(
                "one shell is to be named",
                hint: "write 'slipway completion bash'; "
                    + thereAre(names))
        }
        guard let shell = Shell(rawValue: name) else {
            let guess = Nearest.word(to: name, among: names).map { "did you mean '\($0)'? " } ?? ""
            throw UsageError(
                "there are no completions for '\(Report.visible(name))'",
                hint: guess + thereAre(names))
        }
        Output.print(shell.script)
        return ExitCode.success
    }
}
