/// Named values as bytes, `name length\nvalue\n` again and again: what one program hands to another
/// where a value may hold anything. A reader needs no library, and a person can read it.
package struct Fields: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let value: [UInt8]
    }

    /// No value is longer; a length beyond it is a mistake and not a reason to allocate.
    package static let maximumLength = 64 << 20

    package private(set) var entries: [Entry] = []

    package init() {}

    package mutating func add(_ name: String, _ value: [UInt8]) {
        entries.append(Entry(name: name, value: value))
    }

    package mutating func add(_ name: String, _ value: String) { add(name, Array(value.utf8)) }

    package mutating func add(_ name: String, _ value: Int) { add(name, String(value)) }

    package mutating func add(_ name: String, _ value: Int?) {
        if let value { add(name, value) }
    }

    package mutating func add(_ name: String, _ value: String?) {
        if let value { add(name, value) }
    }

    /// A part with fields of its own.
    package mutating func add(_ name: String, _ part: Fields) { add(name, part.bytes) }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes += entry.name.utf8
            bytes.append(UInt8(ascii: " "))
            bytes += String(entry.value.count).utf8
            bytes.append(UInt8(ascii: "\n"))
            bytes += entry.value
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    package init(parsing bytes: [UInt8]) throws(FieldError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.prefix(64).firstIndex(of: UInt8(ascii: " ")),
                let end = rest[space...].prefix(16).firstIndex(of: UInt8(ascii: "\n")),
                let length = Int(String(decoding: rest[(space + 1)..<end], as: UTF8.self)),
                0...Self.maximumLength ~= length, rest.endIndex - end > length + 1,
                rest[end + 1 + length] == UInt8(ascii: "\n")
            else { throw FieldError("a field is cut off or damaged") }
            add(
                String(decoding: rest[..<space], as: UTF8.self),
                Array(rest[(end + 1)..<(end + 1 + length)]))
            rest = rest[(end + 2 + length)...]
        }
    }
}

extension Fields {
    package func all(_ name: String) -> [[UInt8]] {
        entries.filter { $0.name == name }.map(\.value)
    }

    package func texts(_ name: String) -> [String] {
        all(name).map { String(decoding: $0, as: UTF8.self) }
    }

    package func text(_ name: String) throws(FieldError) -> String {
        guard let text = texts(name).first else { throw FieldError("'\(name)' is missing") }
        return text
    }

    package func number(_ name: String) throws(FieldError) -> Int {
        guard let number = Int(try text(name)) else { throw FieldError("'\(name)' is no number") }
        return number
    }

    /// Nothing where the field is not there; a field that is there has to be whole.
    package func numberIfThere(_ name: String) throws(FieldError) -> Int? {
        all(name).isEmpty ? nil : try number(name)
    }

    package func parts(_ name: String) throws(FieldError) -> [Fields] {
        var parts: [Fields] = []
        for bytes in all(name) { parts.append(try Fields(parsing: bytes)) }
        return parts
    }
}

package struct FieldError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
