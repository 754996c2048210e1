/// What an editor is told of a value, in the terms of JSON Schema.
package indirect enum Schema: Hashable, Sendable {
    case text
    case pattern(String, example: String)
    case words([String])
    case whole(ClosedRange<Int>)
    case truth
    case list(Schema)
    case dictionary(Schema)
    case mapping(Mapping)
    case any([Schema])

    package struct Mapping: Hashable, Sendable {
        package let about: String
        package let keys: [Key]
        /// Exactly one of these has to be there.
        package let kinds: [String]
        /// For a kind: keys of others that may stand beside it with a text.
        package let companions: [String: Set<String>]
    }

    package struct Key: Hashable, Sendable {
        package let name: String
        package let about: String
        package let schema: Schema
        package let isRequired: Bool
    }
}
