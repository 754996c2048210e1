import JSON
import Pipelines

enum Lint: Command {
    static let name = "lint"
    static let about = "check definitions, and say all that is wrong with them"
    static let flags = [Flag("--json")]
    static let help = """
        slipway lint FILE… [--json]

        Reads each definition as a run would, and shows every mistake with its place, what was
        expected and the nearest valid word. '-' reads standard input.

          --json   one object on standard output: {"files": […], "errors": N, "warnings": N}

        Exit code 0: no mistakes (warnings do not count); 2: at least one.

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        guard !arguments.operands.isEmpty else {
            throw UsageError("no file is named", hint: "write 'slipway lint pipeline.yml'")
        }
        let files = arguments.operands.map(DefinitionFile.init)
        let errors = files.reduce(0) { $0 + $1.errors }
        let warnings = files.reduce(0) { $0 + $1.warnings }
        if arguments.has("--json") {
            let report: JSON = [
                "files": .array(files.map(\.json)), "errors": .int(errors),
                "warnings": .int(warnings),
            ]
            Output.print(report.text + "\n")
        } else {
            for file in files { Output.error(file.report) }
            Output.print(
                "\(Output.count(files.count, "file")): \(Output.count(errors, "error")), "
                    + "\(Output.count(warnings, "warning"))\n")
        }
        return errors == 0 ? ExitCode.success : ExitCode.usage
    }
}
