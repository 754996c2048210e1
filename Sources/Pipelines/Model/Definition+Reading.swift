import YAML

extension Definition {
    /// A file that was read: the definition, if there is no mistake in it, and all there is to say.
    package struct Reading: Sendable {
        package let definition: Definition?
        package let diagnostics: [Diagnostic]
        /// What it names that lies outside of it.
        package let mentions: [Mention]
    }

    /// Reads a definition. With `zones`, names of time zones are held against them.
    package static func read(_ bytes: [UInt8], zones: Set<String>? = nil) -> Reading {
        var findings = Findings(zones: zones)
        let text = String(decoding: bytes, as: UTF8.self)
        guard let root = document(bytes, &findings) else {
            return Reading(definition: nil, diagnostics: findings.inOrder, mentions: [])
        }
        let parts = Self.shape.read(root, &findings)
        let definition = parts.map { Definition($0, text: text) }
        if let definition { Checks.check(definition, &findings) }
        return Reading(
            definition: findings.hasErrors ? nil : definition, diagnostics: findings.inOrder,
            mentions: findings.mentions)
    }

    /// The schema that editors are given.
    package static var schema: Schema { shape.schema }

    private static func document(_ bytes: [UInt8], _ findings: inout Findings) -> Node? {
        do {
            if let root = try Document.read(bytes) { return withoutExtensions(root) }
            findings.error(
                at: Place(line: 1, column: 1), "the file is empty",
                hint: "a definition has at least 'name', 'sources' and 'stages'")
        } catch {
            findings.error(at: error.place, error.problem, hint: error.hint)
        }
        return nil
    }

    /// Keys that begin with 'x-' are the author's own, for anchors to hang on.
    private static func withoutExtensions(_ root: Node) -> Node {
        guard case .mapping(let entries) = root.content else { return root }
        let own = entries.filter { entry in
            if case .scalar(let name, _) = entry.key.content { !name.hasPrefix("x-") } else { true }
        }
        return Node(.mapping(own), at: root.place)
    }

    struct Parts {
        let name: PipelineName
        let about: String?
        let mode: ExecutionMode
        let priority: Priority
        let variables: [Variable]
        let sources: [Source]
        let triggers: [Trigger]
        let stages: [Stage]
        let environments: [Environment]
    }

    private static let shape = Shape<Parts>.mapping(about: "a pipeline") { keys in
        let name = keys.required("name", PipelineName.shape, about: "what it is called")
        let about = keys.optional("about", .string, about: "what it is for")
        let mode = keys.optional(
            "mode", Shape<ExecutionMode>.word("mode"), about: "how its executions meet")
        let priority = keys.optional(
            "priority", Shape<Priority>.word("priority"),
            about: "how soon its actions get a place on a runner")
        let variables = keys.optional(
            "variables",
            .dictionary(keys: VariableName.shape, values: Variable.shape),
            about: "values chosen when an execution starts")
        let sources = keys.required(
            "sources", .dictionary(keys: SourceName.shape.located, values: Source.shape),
            about: "where revisions come from")
        let triggers = keys.optional(
            "triggers", .oneOrMany(Trigger.shape),
            about: "what starts an execution besides a new revision")
        let stages = keys.required(
            "stages", .list(of: Stage.shape), about: "what is done, one after the other")
        let environments = keys.optional(
            "environments",
            .dictionary(keys: EnvironmentName.shape.located, values: Environment.shape),
            about: "where versions are put, and what runs there")
        for key in ["sources", "stages"] where keys.isEmpty(key) {
            keys.findings.error(
                at: keys.place(of: key), "'\(key)' is empty", hint: "a pipeline has at least one")
        }
        guard let sources, let stages else { return nil }
        return Parts(
            name: name ?? .unread(at: keys.place), about: about,
            mode: mode ?? .superseded, priority: priority ?? .normal,
            variables: (variables ?? []).map { Variable($0.0, $0.1) },
            sources: sources.map { Source($0.0, $0.1) }, triggers: triggers ?? [], stages: stages,
            environments: (environments ?? []).map { Environment($0.0, $0.1) })
    }

    private init(_ parts: Parts, text: String) {
        self.init(
            name: parts.name, about: parts.about, mode: parts.mode, priority: parts.priority,
            variables: parts.variables, sources: parts.sources, triggers: parts.triggers,
            stages: parts.stages, environments: parts.environments, text: text)
    }
}

/// On the record a definition is its text.
extension Definition: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let reading = Definition.read(Array(text.utf8))
        guard let definition = reading.definition else {
            let problem = reading.diagnostics.first?.problem ?? "unreadable"
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a definition on the record cannot be read: \(problem)"))
        }
        self = definition
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
