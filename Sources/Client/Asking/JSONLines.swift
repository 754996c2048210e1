/// Values of an answer as lines for programs: as the server wrote them, each on one line, with
/// nothing in them that a terminal would obey.
package enum JSONLines {
    /// The whole answer on one line.
    package static func line(_ body: [UInt8]) -> String { compact(body[...]) }

    /// The elements of the list that an object has under `key`, a line each.
    package static func items(of body: [UInt8], under key: String = "items") -> [String] {
        var scan = Scan(body)
        guard scan.enter(UInt8(ascii: "{")) else { return [] }
        while let member = scan.value() {
            guard scan.enter(UInt8(ascii: ":")) else { return [] }
            guard compact(member) == "\"\(key)\"" else {
                _ = scan.value()
                _ = scan.enter(UInt8(ascii: ","))
                continue
            }
            guard scan.enter(UInt8(ascii: "[")) else { return [] }
            var items: [String] = []
            while let item = scan.value() {
                items.append(compact(item))
                _ = scan.enter(UInt8(ascii: ","))
            }
            return items
        }
        return []
    }

    private static func compact(_ bytes: ArraySlice<UInt8>) -> String {
        var line = ""
        var isInString = false
        var isEscaped = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if !isInString, " \n\r\t".unicodeScalars.contains(scalar) { continue }
            if isEscaped {
                isEscaped = false
            } else if scalar == "\"" {
                isInString.toggle()
            } else if scalar == "\\" {
                isEscaped = isInString
            }
            line += visible(scalar)
        }
        return line
    }

    private static func visible(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }.joined()
        default: String(scalar)
        }
    }

    /// Finds where values begin and end in text that is known to be JSON; elsewhere it finds
    /// something, and does no harm.
    private struct Scan {
        private let bytes: [UInt8]
        private var place = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func enter(_ byte: UInt8) -> Bool {
            skipSpace()
            guard place < bytes.count, bytes[place] == byte else { return false }
            place += 1
            return true
        }

        /// The next value; nothing before what closes the list or object around.
        mutating func value() -> ArraySlice<UInt8>? {
            skipSpace()
            let start = place
            var depth = 0
            while place < bytes.count {
                switch bytes[place] {
                case UInt8(ascii: "\""): skipString()
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    depth += 1
                    place += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    if depth == 0 { return start == place ? nil : bytes[start..<place] }
                    depth -= 1
                    place += 1
                case UInt8(ascii: ","), UInt8(ascii: ":"):
                    if depth == 0 { return start == place ? nil : bytes[start..<place] }
                    place += 1
                default: place += 1
                }
            }
            return start == place ? nil : bytes[start...]
        }

        private mutating func skipString() {
            place += 1
            while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
            }
            place = min(place + 1, bytes.count)
        }

        private mutating func skipSpace() {
            while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) {
                place += 1
            }
        }
    }
}
