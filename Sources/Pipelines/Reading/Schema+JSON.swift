package import JSON

extension Schema {
    /// The whole as a JSON Schema document. A mapping that is used twice is written once.
    package func document(title: String, id: String) -> JSON {
        var body = json.members
        body.insert(
            contentsOf: [
                .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
                .init("$id", .string(id)), .init("title", .string(title)),
            ], at: 0)
        return .object(body)
    }

    private var json: JSON {
        switch self {
        case .text: ["type": ["string", "number", "boolean"]]
        case .pattern(let pattern, let example):
            [
                "type": ["string", "number"], "pattern": .string(pattern),
                "examples": [.string(example)],
            ]
        case .words(let words): ["enum": .array(words.map(JSON.string))]
        case .whole(let range):
            [
                "type": "integer", "minimum": .int(range.lowerBound),
                "maximum": .int(range.upperBound),
            ]
        case .truth: ["type": "boolean"]
        case .list(let element): ["type": "array", "items": element.json]
        case .dictionary(let element): ["type": "object", "additionalProperties": element.json]
        case .mapping(let mapping): mapping.json
        case .any(let schemas): ["anyOf": .array(schemas.map(\.json))]
        }
    }
}

extension Schema.Mapping {
    fileprivate var json: JSON {
        var seen = Set<String>()
        let properties = keys.filter { seen.insert($0.name).inserted }.map { key in
            JSON.Member(key.name, key.json(among: keys))
        }
        let required = keys.filter { $0.isRequired && !kinds.contains($0.name) }.map(\.name)
        let own = kindKeys
        var members: [JSON.Member] = [
            .init("type", "object"), .init("description", .string(about)),
            .init("properties", .object(properties)), .init("additionalProperties", false),
        ]
        let always = required.filter { !own.contains($0) }
        if !always.isEmpty { members.append(.init("required", .array(always.map(JSON.string)))) }
        if !kinds.isEmpty {
            members.append(.init("oneOf", .array(kinds.map(choice))))
        }
        return .object(members)
    }

    /// What tells one kind from the others.
    private func choice(_ kind: String) -> JSON {
        var members: [JSON.Member] = [.init("required", [.string(kind)])]
        let texts = (companions[kind] ?? []).sorted().map { key in
            JSON.Member(key, Schema.text.json)
        }
        if !texts.isEmpty { members.append(.init("properties", .object(texts))) }
        let others = companions.filter { $0.value.contains(kind) }.keys.sorted()
        if !others.isEmpty {
            let present = others.map { JSON.object([.init("required", [.string($0)])]) }
            members.append(.init("not", ["anyOf": .array(present)]))
        }
        return .object(members)
    }

    private var kindKeys: Set<String> { Set(kinds) }
}

extension Schema.Key {
    fileprivate func json(among keys: [Schema.Key]) -> JSON {
        // Kinds may share a key; then any of their writings will do.
        let schemas = keys.filter { $0.name == name }.map(\.schema)
        let distinct = schemas.enumerated().filter { !schemas[..<$0.offset].contains($0.element) }
            .map(\.element)
        let value = distinct.count == 1 ? distinct[0] : Schema.any(distinct)
        var members = [JSON.Member("description", .string(about))]
        if name == "name", case .text = value {
            return .object(members + [.init("type", "string")])
        }
        members += value.members
        return .object(members)
    }
}

extension Schema {
    fileprivate var members: [JSON.Member] {
        guard case .object(let members) = json else { return [] }
        var seen: Set<String> = ["description"]
        return members.filter { seen.insert($0.key).inserted }
    }
}

extension JSON {
    fileprivate var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }
}
