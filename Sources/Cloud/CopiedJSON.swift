import FoundationEssentials
package import JSON

/// JSON of AWS's, or somebody's file, that is passed on as it is.
package struct CopiedJSON: Decodable {
    package let json: JSON

    /// Nothing if it is none, or has a number with a fraction, which nothing that is passed on has.
    package static func reading(_ bytes: [UInt8]) -> JSON? {
        try? JSONDecoder().decode(Self.self, from: Data(bytes)).json
    }

    package init(from decoder: any Decoder) throws {
        if let keys = try? decoder.container(keyedBy: AnyKey.self) {
            json = .object(
                try keys.allKeys.sorted { $0.stringValue < $1.stringValue }.map { key in
                    JSON.Member(key.stringValue, try keys.decode(Self.self, forKey: key).json)
                })
        } else if var list = try? decoder.unkeyedContainer() {
            var values: [JSON] = []
            while !list.isAtEnd { values.append(try list.decode(Self.self).json) }
            json = .array(values)
        } else {
            let value = try decoder.singleValueContainer()
            json =
                if value.decodeNil() {
                    .null
                } else if let truth = try? value.decode(Bool.self) {
                    .bool(truth)
                } else if let number = try? value.decode(Int.self) {
                    .int(number)
                } else {
                    .string(try value.decode(String.self))
                }
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
