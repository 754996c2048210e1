import JSON
import Pipelines

enum SchemaCommand: Command {
    static let name = "schema"
    static let about = "print the JSON Schema of a definition, for editors"
    static let flags: [Flag] = []
    static let help = """
        slipway schema

        Prints a JSON Schema (2020-12). Save it, and tell your editor that it describes your
        pipelines; for most editors a first line in the definition does:

          # yaml-language-server: $schema=slipway.schema.json

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try arguments.requireNoOperands()
        let schema = Definition.schema.document(
            title: "A Slipway pipeline", id: "https://slipway.example/pipeline.schema.json")
        Output.print(schema.pretty)
        return ExitCode.success
    }
}
