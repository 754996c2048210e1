/// A part of a list, and where the next begins.
package struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
    package let items: [Item]
    package let next: String?
}

/// Items with the lines that programs are shown of them.
package struct Listing<Item: Decodable & Sendable>: Sendable {
    package let items: [Item]
    package let lines: [String]
    /// There are more than were asked for.
    package let hasMore: Bool
}

/// A value with the line that programs are shown of it.
package struct Told<Value: Decodable & Sendable>: Sendable {
    package let value: Value
    package let line: String
}
