/// Why a text is no JSON that is taken here, and where.
package struct JSONMistake: Error, Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    package let column: Int
    package let problem: String

    package var description: String { "line \(line), column \(column): \(problem)" }
}

extension JSON {
    /// Deeper than anybody who means well goes.
    package static let maximumDepth = 16

    /// Reads a text strictly: UTF-8 without a mistake, nothing behind the value, no key twice,
    /// whole numbers alone. Whatever is doubtful might be understood otherwise by somebody else.
    package init(parsing bytes: [UInt8]) throws(JSONMistake) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONMistake(line: 1, column: 1, problem: "it is not UTF-8")
        }
        var reader = JSONReader(bytes)
        self = try reader.document()
    }
}

private struct JSONReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONMistake) -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw mistake("something follows the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONMistake) -> JSON {
        guard depth < JSON.maximumDepth else {
            throw mistake("it is nested more than \(JSON.maximumDepth) deep")
        }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"): return try number()
        case nil: throw mistake("it ends where a value should begin")
        default: throw mistake("a value should begin here")
        }
    }

    private mutating func object(depth: Int) throws(JSONMistake) -> JSON {
        index += 1
        var members: [JSON.Member] = []
        var keys = Set<String>()
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw mistake("a key should begin here") }
            let start = index
            let key = try string()
            guard keys.insert(key).inserted else {
                index = start
                throw mistake("this key is there twice")
            }
            skipSpace()
            guard take(":") else { throw mistake("':' should stand here") }
            members.append(JSON.Member(key, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw mistake("',' or '}' should stand here") }
        }
    }

    private mutating func array(depth: Int) throws(JSONMistake) -> JSON {
        index += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw mistake("',' or ']' should stand here") }
        }
    }

    private mutating func number() throws(JSONMistake) -> JSON {
        let start = index
        _ = take("-")
        let digits = index
        while let byte = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { index += 1 }
        let count = index - digits
        let isFraction = peek.map { ".eE".utf8.contains($0) } ?? false
        guard count > 0, count == 1 || bytes[digits] != UInt8(ascii: "0"), !isFraction,
            let number = Int(String(decoding: bytes[start..<index], as: UTF8.self))
        else {
            index = start
            throw mistake("only whole numbers of 64 bits are taken")
        }
        return .int(number)
    }

    private mutating func string() throws(JSONMistake) -> String {
        index += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw mistake("a control character has to be written as \\u00XX")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw mistake("it ends inside a text")
    }

    private mutating func escape() throws(JSONMistake) -> [UInt8] {
        let start = index
        index += 1
        guard let letter = peek else { throw mistake("it ends inside a text") }
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            if let scalar = scalar() { return Array(String(Character(scalar)).utf8) }
            fallthrough
        default:
            index = start
            throw mistake("no such escape")
        }
    }

    /// What four digits stand for, or two times four where the first is one half of a pair.
    private mutating func scalar() -> Unicode.Scalar? {
        guard let first = unit() else { return nil }
        guard 0xD800..<0xDC00 ~= first else { return Unicode.Scalar(first) }
        guard take("\\"), take("u"), let second = unit(), 0xDC00..<0xE000 ~= second else {
            return nil
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func unit() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        let digits = bytes[index..<index + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        index += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONMistake) -> JSON {
        let text = Array(word.description.utf8)
        guard bytes[index...].starts(with: text) else {
            throw mistake("a value should begin here")
        }
        index += text.count
        return value
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard let byte = peek, UInt32(byte) == scalar.value else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            index += 1
        }
    }

    private func mistake(_ problem: String) -> JSONMistake {
        let before = bytes[..<min(index, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Places are counted in letters, not in bytes.
        let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
        return JSONMistake(line: line, column: column, problem: problem)
    }
}
