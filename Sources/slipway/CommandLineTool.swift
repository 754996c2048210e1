import Pipelines

/// The commands there are, and the way from the words on the line to one of them.
enum CommandLineTool {
    static let version = "0.1.0"

    /// One line each; the help and the search for the nearest word learn of them from here.
    static let commands: [any Command.Type] = [
        RunCommand.self, LogsCommand.self, TestsCommand.self, HistoryCommand.self,
        CleanCommand.self, DoctorCommand.self, Lint.self,
        PlanCommand.self, SchemaCommand.self, AuditCommand.self,
        Rebuild.self, Backup.self, Restore.self,
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
        default: return dispatch(first, Array(words.dropFirst()))
        }
    }

    private static func dispatch(_ name: String, _ words: [String]) -> Int32 {
        guard let command = command(name) else {
            Output.error(unknown(name))
            return ExitCode.usage
        }
        if words.contains("--help") || words.contains("-h") {
            Output.print(command.help)
            return ExitCode.success
        }
        do throws(UsageError) {
            return try command.run(Arguments(words, flags: command.flags))
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
        Output.print(command.help)
        return ExitCode.success
    }

    private static func unknown(_ name: String) -> String {
        let names = commands.map { $0.name }
        let guess = Nearest.word(to: name, among: names).map { "did you mean '\($0)'? " } ?? ""
        return "slipway: there is no command '\(Report.visible(name))'\n"
            + "  hint: \(guess)`slipway --help` lists them\n"
    }

    private static var overview: String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let lines = commands.map { command in
            let gap = String(repeating: " ", count: width - command.name.count + 2)
            return "  \(command.name)\(gap)\(command.about)"
        }
        return """
            slipway runs pipelines that you own.

            Usage: slipway COMMAND [ARGUMENT …]

            \(lines.joined(separator: "\n"))

            `slipway COMMAND --help` tells more of one. `slipway --version` tells this version.

            """
    }
}

/// One word after `slipway`, and what it does.
protocol Command: SendableMetatype {
    static var name: String { get }
    static var about: String { get }
    static var help: String { get }
    static var flags: [Flag] { get }

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32
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
}
