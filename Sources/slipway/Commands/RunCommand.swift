import Conductor
import Engine
import Glibc
import Pipelines
import Runner
import Store

enum RunCommand: Command {
    static let name = "run"
    static let about = "run a pipeline here and now, without a server"
    static let flags = [
        Flag("--var", takesValue: true), Flag("--source", takesValue: true),
        Flag("--secret", takesValue: true), Flag("--from", takesValue: true),
        Flag("--only", takesValue: true), Flag("--approve", takesValue: true),
        Flag("--runners", takesValue: true), Flag("--home", takesValue: true), Flag("--json"),
        Flag("--quiet"), Flag("--keep"), Flag("--resume"),
    ]
    static let help = """
        slipway run [FILE] [OPTION …]

        Runs the whole pipeline on this machine: every action in its sandbox, by the same engine,
        with the same record as a server. FILE is 'pipeline.yml' if it is not named.

          --var NAME=VALUE     a value for a variable of the pipeline
          --source NAME=DIR    a folder or repository for a source; without it each source is the
                               repository around the current folder, with its uncommitted changes
          --secret NAME=FILE   a secret, from a file
          --approve STAGE      approves what stage STAGE asks people for
          --from STAGE         passes by the stages before it
          --only STAGE         passes by all other stages
          --resume             goes on with the execution that was interrupted last
          --runners DIR        where runner profiles lie (*.yml)
          --home DIR           where records, logs and artifacts are kept; '.slipway' beside the
                               source if it is not named
          --keep               keeps the workspaces of actions, to look at them
          --quiet              leaves out what the commands print
          --json               one JSON object a line for each event

        Ctrl-C lets what runs come to its end and stops; pressed again it ends what runs.

        Exit code 0: it succeeded; 1: it failed; 2: a mistake in usage or in the definition;
        3: it was stopped; 4: this machine cannot do it.

        """

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let file = DefinitionFile(try definitionPath(arguments))
        guard let definition = file.definition else {
            Output.error(file.report)
            return ExitCode.usage
        }
        if file.warnings > 0 { Output.error(file.report) }
        let request = try RunRequest(definition, arguments)
        do {
            return try LocalRun.perform(request)
        } catch {
            Output.error("slipway run: \(error)\n")
            return error is Refusal ? ExitCode.usage : ExitCode.host
        }
    }

    private static func definitionPath(_ arguments: Arguments) throws(UsageError) -> String {
        guard arguments.operands.count <= 1 else {
            throw UsageError("one file is run at a time", hint: "write 'slipway run pipeline.yml'")
        }
        if let path = arguments.operands.first { return path }
        guard unsafe access("pipeline.yml", R_OK) == 0 else {
            throw UsageError(
                "there is no 'pipeline.yml' here", hint: "name the file: slipway run FILE")
        }
        return "pipeline.yml"
    }
}

/// What was asked for on the line, made sense of.
struct RunRequest {
    let definition: Definition
    let variables: [VariableName: String]
    let folders: [SourceName: String]
    let secrets: [SecretName: String]
    let approved: Set<String>
    let skipped: Set<StageName>
    let runners: String?
    let home: String?
    let isJSON: Bool
    let isQuiet: Bool
    let keeps: Bool
    let resumes: Bool

    init(_ definition: Definition, _ arguments: Arguments) throws(UsageError) {
        self.definition = definition
        var variables: [VariableName: String] = [:]
        for (name, value) in try arguments.pairs(of: "--var", example: "region=eu-west-1") {
            let known = definition.variables.map(\.name.description)
            guard let variable = VariableName(name), known.contains(name) else {
                throw Self.unknown("variable", name, among: known)
            }
            variables[variable] = value
        }
        self.variables = variables
        var folders: [SourceName: String] = [:]
        for (name, folder) in try arguments.pairs(of: "--source", example: "app=../shop") {
            let known = definition.sources.map(\.name.description)
            guard let source = SourceName(name), known.contains(name) else {
                throw Self.unknown("source", name, among: known)
            }
            folders[source] = folder
        }
        self.folders = folders
        var secrets: [SecretName: String] = [:]
        for (name, file) in try arguments.pairs(of: "--secret", example: "token=token.txt") {
            guard let secret = SecretName(name) else {
                throw UsageError("'\(name)' is no name of a secret", hint: NameRule.hint)
            }
            secrets[secret] = file
        }
        self.secrets = secrets
        approved = Set(try Self.stages("--approve", arguments, definition).map(\.description))
        skipped = try Self.skipped(arguments, definition)
        runners = arguments.value(of: "--runners")
        home = arguments.value(of: "--home")
        isJSON = arguments.has("--json")
        isQuiet = arguments.has("--quiet")
        keeps = arguments.has("--keep")
        resumes = arguments.has("--resume")
    }

    private static func skipped(
        _ arguments: Arguments, _ definition: Definition
    ) throws(UsageError) -> Set<StageName> {
        let all = definition.stages.map(\.name)
        let only = try stages("--only", arguments, definition)
        var skipped = only.isEmpty ? Set() : Set(all).subtracting(only)
        if let from = try stages("--from", arguments, definition).last {
            skipped.formUnion(all.prefix { $0 != from })
        }
        return skipped
    }

    private static func stages(
        _ flag: String, _ arguments: Arguments, _ definition: Definition
    ) throws(UsageError) -> [StageName] {
        var stages: [StageName] = []
        for name in arguments.values(of: flag) {
            guard let stage = definition.stages.first(where: { $0.name.description == name }) else {
                throw unknown("stage", name, among: definition.stages.map(\.name.description))
            }
            stages.append(stage.name)
        }
        return stages
    }

    private static func unknown(
        _ what: String, _ name: String, among known: [String]
    ) -> UsageError {
        let guess = Nearest.word(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
        return UsageError(
            "the pipeline has no \(what) '\(Report.visible(name))'", hint: guess + thereAre(known))
    }
}
