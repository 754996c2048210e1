import JSON
import Pipelines

enum Lint: Command {
    static let words = CommandWords(
        "lint", "check definitions, and tell all that is wrong with them",
        forms: [
            Form(
                takes: [
                    Flag(
                        "--json",
                        "print one object: {\"files\": […], \"errors\": N, \"warnings\": N}"),
                ],
                operands: [Operand("FILE", .definition, count: .many)])
        ],
        prose: [
            "Reads each file as a run would, and shows every mistake with its place, what was "
                + "expected and the nearest valid word. '-' reads standard input."
        ],
        examples: [
            .init("slipway lint pipeline.yml", "checks one pipeline"),
            .init("slipway lint pipelines/*.yml", "checks all there is"),
            .init("git show HEAD:pipeline.yml | slipway lint -", "checks what is committed"),
        ],
        exits: [
            .init(ExitCode.success, "no mistakes; there may be warnings"),
            .init(ExitCode.usage, "at least one mistake"),
        ])

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
