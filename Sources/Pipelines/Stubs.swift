package struct Glob: Sendable, Hashable { package let text: String; package init(_ t: String) { text = t } }
package struct Schedule: Sendable, Hashable { package let text: String }
package struct Window: Sendable, Hashable { package let text: String; package init(_ t: String) { text = t } }
package struct Template: Sendable, Hashable { package let text: String; package init(_ t: String) { text = t } }
package struct Keys {}
extension Definition: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: text))
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
extension Glob { package init?(matching: String) { text = matching }; package func matches(_ s: String) -> Bool { s == text } }
extension Template { package func filled(_ value: (VariableName, String) -> String) -> String { text } }
