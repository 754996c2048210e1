enum ManualCommand: Command {
    static let words = CommandWords(
        "manual", "print the manual page, for `man`",
        forms: [Form()],
        prose: [
            "Prints one page with all commands, their options, files, environment and exit codes, "
                + "in the language that `man` reads."
        ],
        examples: [
            .init("slipway manual | man -l -", "shows it"),
            .init(
                "slipway manual > ~/.local/share/man/man1/slipway.1",
                "installs it for you; then `man slipway` shows it"),
        ],
        exits: [
            .init(ExitCode.success, "printed"), .init(ExitCode.usage, "a mistake in usage"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try arguments.requireNoOperands()
        let commands = CommandLineTool.commands.map { $0.words }
        Output.print(ManualPage.text(of: commands, version: CommandLineTool.version))
        return ExitCode.success
    }
}
