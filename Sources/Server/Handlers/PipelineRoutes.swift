import Conductor
import Cryptography
import Engine
import HTTP
import JSON
import People
import Pipelines
import Store
import YAML

/// Pipelines and their definitions.
enum PipelineRoutes {
    private static let yaml = ["application/yaml", "application/x-yaml", "text/yaml"]
    static let maximumDefinition = 1 << 20

    static let all: [Route] = [
        Route(
            .get, ["api", "v1", "pipelines"], .somewhere(.look), "List pipelines, by name.",
            query: [.limit, .after], answers: [.json("Pipelines.", ShownPipeline.summary.page)],
            handle: list),
        Route(
            .get, ["api", "v1", "pipelines", .pipeline], .pipeline(.look), "Show a pipeline.",
            answers: [.json("The pipeline.", ShownPipeline.view)], handle: show),
        Route(
            .put, ["api", "v1", "pipelines", .pipeline], .pipeline(.administer),
            "Define a pipeline, or change it.",
            query: [
                QueryParameter(
                    name: "dry-run", about: "Only check it, and change nothing.", shape: .truth)
            ],
            body: BodyForm(
                types: yaml, shape: .text, name: nil, isRequired: true,
                maximumBytes: maximumDefinition),
            answers: [
                .json("It is so now, or would be.", ShownDefinition.view),
                .json("It is new.", ShownDefinition.view, status: 201),
            ], handle: define),
        Route(
            .delete, ["api", "v1", "pipelines", .pipeline], .pipeline(.administer),
            "Remove a pipeline; what runs is cancelled, and its history stays.",
            answers: [.nothing(204, "It is gone.")], handle: remove),
        Route(
            .get, ["api", "v1", "pipelines", .pipeline, "definition"], .pipeline(.look),
            "Show a definition as it was written.",
            query: [
                QueryParameter(
                    name: "version", about: "Which one; the newest if it is left out.",
                    shape: .whole(1...Int(Int32.max)))
            ],
            answers: [
                .bytes("The definition.", "application/yaml"),
                .nothing(304, "It has not changed."),
            ], handle: definition),
    ]

    private static func list(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let after = try call.cursor(PipelineName.init(_:))
        let names = call.state.pipelines.keys.filter { name in
            call.mayLook(at: name) && call.state.pipelines[name]?.current != nil
                && after.map { $0 < name } ?? true
        }.sorted()
        let notes = call.house.definitions.notes
        return .look { archive in
            let items = try names.prefix(limit).compactMap { name -> ShownPipeline? in
                try call.state.pipelines[name].flatMap { try shown($0, call, notes, archive) }
            }
            let next = names.count > limit ? names[limit - 1].description : nil
            return .json(ShownPipeline.summary.page, Page(items: items, next: next))
        }
    }

    private static func show(_ call: Call) throws(Problem) -> Deed {
        let pipeline = try current(call)
        let notes = call.house.definitions.notes
        return .look { archive in
            guard let shown = try shown(pipeline, call, notes, archive) else {
                throw Problem.missing("pipeline '\(pipeline.name)'")
            }
            return .json(ShownPipeline.view, shown)
        }
    }

    private static func shown(
        _ pipeline: PipelineState, _ call: Call, _ notes: [DefinitionNote],
        _ archive: borrowing Archive
    ) throws(StoreError) -> ShownPipeline? {
        guard let version = pipeline.current else { return nil }
        let last = try archive.executions(of: pipeline.name.description, limit: 1).first
        return ShownPipeline(
            pipeline: pipeline, version: version, last: last, call: call,
            notes: notes.filter { $0.pipeline == pipeline.name })
    }

    private static func current(_ call: Call) throws(Problem) -> PipelineState {
        let pipeline = try call.pipeline()
        guard pipeline.current != nil else {
            throw .missing(
                "pipeline '\(pipeline.name)' any more", hint: "its executions are still on record")
        }
        return pipeline
    }

    private static func define(_ call: Call) throws(Problem) -> Deed {
        let name = try call.path(\.pipeline)
        let reading = Definition.read(call.request.body, zones: call.house.settings.zones)
        let objections = reading.definition.map { call.objections(to: $0, at: name) } ?? []
        let mistakes = reading.diagnostics + objections
        guard let definition = reading.definition, objections.isEmpty else {
            var problem = Problem(
                422, "definition", "there are mistakes in the definition",
                hint: "'mistakes' tells each with its line")
            problem.members = [
                .init("mistakes", .array(mistakes.prefix(Findings.shown).map(diagnosticView.json)))
            ]
            throw problem
        }
        guard definition.name == name else {
            throw Problem(
                422, "definition", "it defines '\(definition.name)', and is put at '\(name)'",
                hint: "put it at '/api/v1/pipelines/\(definition.name)'")
        }
        let before = call.state.pipelines[name]
        let isNew = before?.current == nil
        let isSame = before?.current?.definition == definition
        let last = before?.versions.last?.number ?? 0
        let inventory = Inventory(
            state: call.state, now: call.now, profiles: call.house.settings.profiles,
            remotes: call.house.remotes(), mayLook: { call.mayLook(at: $0) })
        let shown = ShownDefinition(
            name: name, version: isSame ? last : last + 1, mistakes: mistakes,
            needs: inventory.needs(of: definition, reading.mentions))
        guard try !call.truth("dry-run") else { return .json(ShownDefinition.view, shown) }
        return .submit(Message(.define(definition), by: call.person())) { _ in
            .json(
                ShownDefinition.view, shown, status: isNew ? 201 : 200,
                isNew ? ["Location": "/api/v1/pipelines/\(name)"] : [:])
        }
    }

    private static func remove(_ call: Call) throws(Problem) -> Deed {
        let name = try current(call).name
        return .submit(Message(.remove(name), by: call.person())) { _ in Response(204) }
    }

    private static func definition(_ call: Call) throws(Problem) -> Deed {
        let pipeline = try call.pipeline()
        let version = try call.whole("version", 1...Int(Int32.max))
        guard let number = version ?? pipeline.versions.last?.number else {
            throw .missing("definition of '\(pipeline.name)'")
        }
        let request = call.request
        if let held = pipeline.definition(number) {
            return .answer(.tagged("application/yaml", held.text, for: request))
        }
        let name = pipeline.name.description
        return .look { archive in
            guard let old = try archive.definition(number, of: name) else {
                throw Problem.missing(
                    "version \(number) of '\(name)'", hint: "its executions tell theirs")
            }
            return .answer(.tagged("application/yaml", old.text, for: request))
        }
    }
}

extension Call {
    /// What a definition may not reach, or not when this caller sends it: who administers some
    /// pipelines has no say over the house's secrets.
    fileprivate func objections(
        to definition: Definition, at name: PipelineName
    ) -> [Diagnostic] {
        let reach = house.settings.objections(definition)
        guard caller?.may(.administer, on: nil) != true else { return reach }
        let known = Set(state.pipelines[name]?.current?.definition.secrets.map(\.value) ?? [])
        return reach
            + definition.mistakes(namingSecretsBut: known.contains) { name in
                "ask an administrator of the whole house to put it: the version at work does not "
                    + "use '\(name)'"
            }
    }
}

/// What is told of a definition that was sent.
struct ShownDefinition {
    let name: PipelineName
    let version: Int
    let mistakes: [Diagnostic]
    let needs: [Need]

    static let view = View<ShownDefinition>(
        "Definition", "A definition that was read.",
        [
            .text("name", "The pipeline.") { $0.name.description },
            .count("version", "The version that it is.") { $0.version },
            .list("mistakes", "What is doubtful in it.", of: diagnosticView) { $0.mistakes },
            .list("needs", "What it names, and whether the server has it.", of: Need.view) {
                $0.needs
            },
        ])
}

private let diagnosticView = View<Diagnostic>(
    "Mistake", "A mistake in a definition, and where.",
    [
        .count("line", "The line, from 1.") { $0.place.line },
        .count("column", "The letter in it, from 1.") { $0.place.column },
        .word("severity", "Whether it can be used all the same.", among: ["error", "warning"]) {
            $0.severity.rawValue
        },
        .text("message", "What is wrong.") { $0.problem },
        .text("hint", "What to do about it.") { $0.hint },
    ])

extension Response {
    /// With a tag of its content; nothing but that for whoever has it already.
    static func tagged(_ type: String, _ text: String, for request: Request) -> Response {
        let tag = "\"\(SHA256.hex(of: Array(text.utf8)).prefix(32))\""
        var headers: Headers = ["ETag": tag, "Cache-Control": "private, no-cache"]
        let known = request.headers.all("If-None-Match").flatMap { $0.split(separator: ",") }
            .map { $0.drop { $0 == " " } }.map { $0.hasPrefix("W/") ? $0.dropFirst(2) : $0 }
        let isKnown = known.contains { word in
            let word = word.split(separator: " ").first ?? ""
            return word == "*" || word == tag
        }
        if isKnown { return Response(304, headers) }
        headers.add("Content-Type", type)
        return Response(200, headers, Array(text.utf8))
    }
}
