/// Finds what no document may hold before the parser sees it, and says where.
enum Encoding {
    /// Nothing if the bytes are text.
    static func problem(in bytes: [UInt8]) -> YAMLError? {
        guard bytes.count <= Limits.bytes else {
            return YAMLError(
                Place(line: 1, column: 1), "the file has \(bytes.count) bytes",
                hint: "a definition has \(Limits.bytes >> 20) MiB at most")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return YAMLError(
                Place(line: 1, column: 1), "the file is UTF-16",
                hint: "save it as UTF-8")
        }
        if let offset = bytes.firstIndex(where: isControl) {
            let code = hex(bytes[offset])
            let name = bytes[offset] == 0 ? "a NUL byte" : "the control character \(code)"
            return YAMLError(
                place(of: offset, in: bytes), "\(name) in the text",
                hint: "remove it; in double quotes it can be written as \\x\(code.dropFirst(2))")
        }
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        let offset = firstBroken(in: bytes)
        return YAMLError(
            place(of: offset, in: bytes), "the byte \(hex(bytes[offset])) is not UTF-8",
            hint: "save the file as UTF-8")
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.utf8.count == 1 ? "0" : "") + digits
    }

    private static func firstBroken(in bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var valid = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): valid += UTF8.width(scalar)
            case .emptyInput, .error: return min(valid, bytes.count - 1)
            }
        }
    }

    private static func place(of offset: Int, in bytes: [UInt8]) -> Place {
        var line = 1
        var column = 1
        for byte in bytes[..<offset] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return Place(line: line, column: column)
    }
}
