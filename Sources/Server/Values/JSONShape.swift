package import JSON

/// What a JSON value looks like, in the terms of JSON Schema.
package struct JSONShape: Hashable, Sendable {
    package let json: JSON

    init(_ json: JSON) { self.json = json }

    package static let text = Self(["type": "string"])
    package static let truth = Self(["type": "boolean"])
    package static let time = Self(["type": "string", "format": "date-time"])
    package static let count = Self(["type": "integer", "minimum": 0])

    static func text(atMost length: Int, atLeast least: Int = 0) -> Self {
        Self(["type": "string", "minLength": .int(least), "maxLength": .int(length)])
    }

    static func pattern(_ pattern: String, example: String) -> Self {
        Self(["type": "string", "pattern": .string(pattern), "examples": [.string(example)]])
    }

    static func whole(_ range: ClosedRange<Int>) -> Self {
        Self([
            "type": "integer", "minimum": .int(range.lowerBound),
            "maximum": .int(range.upperBound),
        ])
    }

    static func words(_ words: [String]) -> Self {
        Self(["type": "string", "enum": .array(words.map(JSON.string))])
    }

    static func list(of element: Self) -> Self { Self(["type": "array", "items": element.json]) }

    /// Members of any name that all look the same.
    static func dictionary(of element: Self) -> Self {
        Self(["type": "object", "additionalProperties": element.json])
    }

    /// One of those that the document names for all to use.
    static func named(_ name: String) -> Self {
        Self(["$ref": .string("#/components/schemas/\(name)")])
    }

    func orNull() -> Self { Self(["anyOf": [json, ["type": "null"]]]) }
}

/// A shape with a name of its own, and every other that it speaks of.
package struct NamedShape: Hashable, Sendable {
    package let name: String
    package let shape: JSONShape
    package let parts: [NamedShape]
}
