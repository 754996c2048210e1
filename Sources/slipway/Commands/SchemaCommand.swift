import JSON
import Pipelines

enum SchemaCommand: Command {
    static let words = CommandWords(
        "schema", "print the JSON Schema of a pipeline, for editors",
        forms: [Form()],
        prose: [
            "Prints a JSON Schema (2020-12), with which an editor completes and explains the keys "
                + "of a pipeline as it is written. Save it, and tell your editor; most understand "
                + "the line '# yaml-language-server: $schema=FILE' at the top of a pipeline."
        ],
        examples: [.init("slipway schema > slipway.schema.json", "saves it")],
        exits: [
            .init(ExitCode.success, "printed"), .init(ExitCode.usage, "a mistake in usage"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try arguments.requireNoOperands()
        let schema = Definition.schema.document(
            title: "A Slipway pipeline", id: "https://slipway.example/pipeline.schema.json")
        Output.print(schema.pretty)
        return ExitCode.success
    }
}
