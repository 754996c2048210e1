/// A duration that is written in a record as people write it: `2h30m`.
@propertyWrapper
package struct Written: Hashable, Sendable, Codable {
    package let wrappedValue: Duration

    package init(wrappedValue: Duration) { self.wrappedValue = wrappedValue }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let duration = Duration(written: text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(text)' is no duration"))
        }
        wrappedValue = duration
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue.short)
    }
}
