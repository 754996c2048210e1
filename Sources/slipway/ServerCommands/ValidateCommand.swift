import Client
import HTTP
import JSON
import Pipelines
import YAML

enum ValidateCommand: Command {
    static let words = CommandWords(
        "validate", "check a pipeline with a server, without giving it",
        forms: [
            Form(takes: .ofServer, operands: [Operand("FILE", .definition)])
        ],
        prose: [
            "Checks it as `slipway lint` does, and has the server look whether it would take it "
                + "and has what it names: runners and what they allow, secrets, pipelines that "
                + "are followed, people and roles whose approval is wanted, and whether sources "
                + "that are watched already answer. Nothing is changed.",
            "Any pipeline may have any secret: whoever may give the server a pipeline decides.",
        ],
        examples: [.init("slipway validate pipeline.yml", "would the server take it?")],
        exits: [
            .init(ExitCode.success, "the server would take it, and misses nothing"),
            .init(ExitCode.usage, "a mistake in it or in usage, or the server misses something"),
            .init(ExitCode.server, "the server refused for another reason, or was not reached"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let path = try arguments.operands(1...1, example: "validate pipeline.yml")[0]
        return try send(path, arguments, Self.self, isDry: true)
    }

    /// Gives a definition to the server, or only has it looked at.
    static func send(
        _ path: String, _ arguments: Arguments, _ command: any Command.Type, isDry: Bool
    ) throws(UsageError) -> Int32 {
        let bytes: [UInt8]
        do throws(Input.Failure) {
            bytes = try Input.read(path)
        } catch {
            throw UsageError(
                "'\(Report.visible(path))' cannot be read: \(error.problem)", hint: error.hint)
        }
        let name = CheckedFile.shown(path)
        let file = DefinitionFile(name, bytes)
        Output.error(file.checked.report)
        // Where the pipeline goes is in the definition.
        guard let definition = file.definition else { return ExitCode.usage }
        return asking(arguments, command) { remote throws(ClientError) in
            var call = ServerCall(.put, "pipelines", definition.name.description)
            call.query = isDry ? [.init("dry-run", "true")] : []
            call.body = .init("application/yaml", bytes)
            do throws(ClientError) {
                let taken = try remote.client.told(DefinitionWords.self, call).value
                // What this machine has said already is not said again.
                let known = file.checked.report
                show(taken.mistakes.filter { !known.contains($0.message) }, name, bytes)
                let needs = Needs(taken.needs ?? [])
                // Who gives a pipeline may bring the rest later; who asks beforehand is told no.
                needs.showMissing(as: isDry ? .error : .warning, name, bytes)
                let what = "pipeline '\(definition.name)' as version \(taken.version)"
                let address = remote.client.address
                guard isDry else {
                    Output.print("\(address) has \(what)\n")
                    return ExitCode.success
                }
                let but = needs.areMet ? "" : ", but has not all that it names"
                Output.print("\(address) would take \(what)\(but)\n" + needs.summary)
                return needs.areMet ? ExitCode.success : ExitCode.usage
            } catch {
                guard !error.mistakes.isEmpty else { throw error }
                show(error.mistakes, name, bytes)
                return ExitCode.usage
            }
        }
    }

    private static func show(_ mistakes: [ServerMistake], _ name: String, _ bytes: [UInt8]) {
        let report = Report(file: name, text: String(decoding: bytes, as: UTF8.self))
        Output.error(report.text(of: mistakes.map(\.diagnostic)))
    }
}

extension ServerMistake {
    fileprivate var diagnostic: Diagnostic {
        Diagnostic(
            severity == "warning" ? .warning : .error,
            at: Place(line: max(1, line ?? 1), column: max(1, column ?? 1)), message,
            hint: hint ?? "")
    }
}
