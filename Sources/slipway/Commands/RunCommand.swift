import Conductor
import Engine
import Glibc
import Pipelines
import Runner
import Store

enum RunCommand: Command {
    static let words = CommandWords(
        "run", "run a pipeline here and now, without a server",
        forms: [
            Form(
                takes: [
                    Flag(
                        "--source", "NAME=DIR", .source,
                        "a folder or repository for a source; without it a source is the "
                            + "repository around the current folder, with its uncommitted changes"),
                    Flag(
                        "--var", "NAME=VALUE", .variable, "a value for a variable of the pipeline"),
                    Flag("--secret", "NAME=FILE", .secret, "a secret, from a file"),
                    Flag("--from", "STAGE", .stage, "skip the stages before this one"),
                    Flag("--only", "STAGE", .stage, "skip all other stages; may be repeated"),
                    Flag(
                        "--approve", "STAGE", .stage,
                        "give the approvals that this stage waits for; may be repeated"),
                    Flag(
                        "--resume",
                        "go on with the pipeline's execution that was interrupted last"),
                    Flag(
                        "--runners", "DIR", .folder,
                        "the folder with runner profiles, such as 'process.yml'"),
                    Flag(
                        "--registries", "DIR", .folder,
                        "the folder with registry profiles, which say how images are pushed"),
                    Flag(
                        "--home", "DIR", .folder,
                        "where the record, logs and artifacts are kept; without it '.slipway' "
                            + "beside the source"),
                    Flag("--keep", "keep the workspaces of actions, to look at them"),
                    Flag("--quiet", "leave out what the commands print"),
                    Flag("--json", "print one JSON object a line for each event"),
                ],
                operands: [Operand("FILE", .definition, count: .perhaps)])
        ],
        prose: [
            "Runs the whole pipeline on this machine: every action in its sandbox, by the same "
                + "engine and with the same record as a server. Without FILE it runs "
                + "'pipeline.yml'.",
            "Ctrl-C lets the actions that are running end, and starts no more. Pressed again it "
                + "tells them to end now; pressed a third time it kills them.",
        ],
        examples: [
            .init("slipway run", "runs 'pipeline.yml' of the current folder"),
            .init(
                "slipway run --only test ci/shop.yml",
                "runs stage 'test' of another pipeline, and no other stage"),
            .init(
                "slipway run --var region=eu-west-1 --secret token=token.txt",
                "gives the pipeline a value and a secret"),
            .init(
                "slipway run --approve production",
                "gives the approval that 'production' asks for"),
            .init("slipway run --resume", "goes on after a crash of the machine or of slipway"),
        ],
        exits: [
            .init(ExitCode.success, "the pipeline succeeded"),
            .init(ExitCode.failure, "it failed"),
            .init(ExitCode.usage, "a mistake in usage or in the definition; nothing was run"),
            .init(ExitCode.stopped, "it was stopped, or waits for an approval"),
            .init(ExitCode.host, "this machine cannot run it; `slipway doctor` may say why"),
        ])

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let file = DefinitionFile(try definitionPath(arguments))
        guard let definition = file.definition else {
            Output.error(file.checked.report)
            return ExitCode.usage
        }
        if file.checked.warnings > 0 { Output.error(file.checked.report) }
        let request = try RunRequest(definition, arguments)
        do {
            return try LocalRun.perform(request)
        } catch let refusal as Refusal {
            Output.error("slipway run: \(refusal.problem)\n  hint: \(refusal.hint)\n")
            return ExitCode.usage
        } catch {
            Output.error("slipway run: \(error)\n")
            return ExitCode.host
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
    let registries: String?
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
        registries = arguments.value(of: "--registries")
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
