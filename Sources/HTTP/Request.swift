/// What a client asks, read to its end.
package struct Request: Hashable, Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
    }

    package let method: Method
    /// The parts of the path, decoded. None is empty, `.` or `..`, or holds a slash or a NUL.
    package let path: [String]
    /// In the order they came, decoded; a name can come more than once.
    package let query: [Field]
    package let headers: Headers
    package let body: [UInt8]
    /// The address it came from, without the port.
    package let peer: String
    /// It came by TLS.
    package let isSecure: Bool

    package init(
        _ method: Method, _ path: [String], query: [Field] = [], headers: Headers = Headers(),
        body: [UInt8] = [], peer: String = "127.0.0.1", isSecure: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
        self.isSecure = isSecure
    }
}

/// A name with its value, of a query or a header.
package struct Field: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Headers in the order they came; their names are equal in small and large letters.
package struct Headers: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) { self.fields = fields }

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field($0.0, $0.1) }
    }

    /// The first of this name.
    package subscript(name: String) -> String? {
        fields.first { Self.areEqual($0.name, name) }?.value
    }

    package func all(_ name: String) -> [String] {
        fields.filter { Self.areEqual($0.name, name) }.map(\.value)
    }

    package mutating func add(_ name: String, _ value: String) { fields.append(Field(name, value)) }

    /// Every request is asked for a handful of names, so this is done without making new texts.
    private static func areEqual(_ one: String, _ other: String) -> Bool {
        let (one, other) = (one.utf8, other.utf8)
        return one.count == other.count && zip(one, other).allSatisfy { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
