/// The part of a token that is no secret: what the record and the lists call it.
package struct TokenID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package static let bytes = 6
    package static let hint = "it is \(bytes * 2) of 0-9 and a-f, as `slipway tokens` lists it"
    package let description: String

    package init?(_ text: String) {
        guard text.utf8.count == Self.bytes * 2, text.utf8.allSatisfy(HexDigits.contains) else {
            return nil
        }
        description = text
    }

    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension TokenID: Codable, CodingKeyRepresentable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(text)' is no token's id: \(Self.hint)"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package var codingKey: any CodingKey { Key(stringValue: description) }

    package init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

enum HexDigits {
    static func contains(_ digit: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit
            || UInt8(ascii: "a")...UInt8(ascii: "f") ~= digit
    }
}
