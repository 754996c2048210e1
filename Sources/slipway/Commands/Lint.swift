import JSON
import Pipelines

enum Lint: Command {
    static let words = CommandWords(
        "lint", "check pipelines and profiles, and tell all that is wrong",
        forms: [
            Form(
                takes: [
                    Flag("--runner", "read the files as runner profiles, whatever they look like"),
                    Flag("--registry", "read the files as registry profiles"),
                    Flag(
                        "--json",
                        "print one object: {\"files\": […], \"errors\": N, \"warnings\": N}"),
                ],
                operands: [Operand("FILE", .definition, count: .many)])
        ],
        prose: [
            "Reads each file as a run would, and shows every mistake with its place, what was "
                + "expected and the nearest valid word. '-' reads standard input.",
            "A file is taken for a runner profile if it has 'places', 'read-only' or 'network' and "
                + "neither 'sources' nor 'stages', for a registry's if it has 'host', and for the "
                + "definition of a pipeline otherwise.",
        ],
        examples: [
            .init("slipway lint pipeline.yml", "checks one pipeline"),
            .init("slipway lint pipelines/*.yml runners/*.yml", "checks all there is"),
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
        let kind: CheckedFile.Kind? =
            arguments.has("--runner") ? .runner : arguments.has("--registry") ? .registry : nil
        let files = arguments.operands.map { CheckedFile.read($0, as: kind) }
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
