import Pipelines

/// The commands there are, and the way from the words on the line to one of them.
enum CommandLineTool {
    static let version = "0.1.0"

    /// Help, manual, completions and the search for the nearest word learn of them from here.
    static let commands: [any Command.Type] = [
        RunCommand.self, LogsCommand.self, TestsCommand.self, HistoryCommand.self,
        CleanCommand.self, DoctorCommand.self, ServerCommand.self, HookCommand.self, Lint.self,
        PlanCommand.self, SchemaCommand.self,
        LoginCommand.self, LogoutCommand.self, ServersCommand.self, PipelinesCommand.self,
        ExecutionsCommand.self, ShowCommand.self, WhyCommand.self, StartCommand.self,
        StopCommand.self, RetryCommand.self, SkipCommand.self, RollbackCommand.self,
        EnvironmentsCommand.self, DeployCommand.self,
        ApprovalsCommand.self, ApproveCommand.self, RejectCommand.self, TransitionsCommand.self,
        ValidateCommand.self, RunnersCommand.self, SecretsCommand.self, TokensCommand.self,
        PeopleCommand.self, AuditCommand.self, Rebuild.self, Backup.self, Restore.self,
        RotateKeyCommand.self,
        CompletionCommand.self, ManualCommand.self,
    ]

    static func run(_ words: [String]) -> Int32 {
        guard let first = words.first else {
            Output.error(overview)
            return ExitCode.usage
        }
        switch first {
        case "--version", "version":
            Output.print("slipway \(version)\n")
            return ExitCode.success
        case "--help", "-h", "help":
            return help(words.dropFirst().first)
        case "complete": return Completion.answer(Array(words.dropFirst()))
        default: return dispatch(first, Array(words.dropFirst()))
        }
    }

    private static func dispatch(_ name: String, _ words: [String]) -> Int32 {
        guard let command = command(name) else {
            Output.error(unknown(name))
            return ExitCode.usage
        }
        let options = words.prefix { $0 != "--" }
        if options.contains("--help") || options.contains("-h") {
            Output.print(HelpPage.text(of: command.words))
            return ExitCode.success
        }
        do throws(UsageError) {
            return try command.run(Arguments(words, flags: command.words.flags))
        } catch {
            Output.error("slipway \(name): \(error.problem)\n  hint: \(error.hint)\n")
            return ExitCode.usage
        }
    }

    private static func command(_ name: String) -> (any Command.Type)? {
        commands.first { $0.name == name }
    }

    private static func help(_ name: String?) -> Int32 {
        guard let name else {
            Output.print(overview)
            return ExitCode.success
        }
        guard let command = command(name) else {
            Output.error(unknown(name))
            return ExitCode.usage
        }
        Output.print(HelpPage.text(of: command.words))
        return ExitCode.success
    }

    private static func unknown(_ name: String) -> String {
        let isOption = name.hasPrefix("-")
        let names = isOption ? ["--help", "--version"] : commands.map { $0.name } + ["help"]
        let guess = Nearest.word(to: name, among: names).map { "did you mean '\($0)'? " } ?? ""
        let what = isOption ? "option" : "command"
        return "slipway: there is no \(what) '\(Report.visible(name))'\n"
            + "  hint: \(guess)`slipway --help` lists all there is\n"
    }

    private static var overview: String { HelpPage.overview(of: commands.map { $0.words }) }
}

/// One word after `slipway`, and what it does.
protocol Command: SendableMetatype {
    static var words: CommandWords { get }

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32
}

extension Command {
    static var name: String { words.name }
}

enum ExitCode {
    static let success: Int32 = 0
    static let failure: Int32 = 1
    /// A mistake in usage, or in a definition.
    static let usage: Int32 = 2
    /// Somebody stopped it.
    static let stopped: Int32 = 3
    /// The host cannot do what was asked.
    static let host: Int32 = 4
    /// A server refused, or could not be reached.
    static let server: Int32 = 5
}
