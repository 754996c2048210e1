extension Forms {
    /// How a library writes what JSON lets it choose.
    private struct Dialect {
        var digits = Forms.lowerDigits
        /// ASCII that JSON allows as it is, and this library escapes all the same.
        var wary = ByteSet([])
        var isSlashEscaped = false
        var isASCII = false
    }

    private static let dialects = [
        Dialect(),
        Dialect(digits: upperDigits),
        Dialect(isSlashEscaped: true),
        Dialect(isSlashEscaped: true, isASCII: true),  // PHP
        Dialect(wary: ByteSet([0x7F]), isASCII: true),  // Python
        Dialect(wary: ByteSet("<>&".utf8)),  // Go
        Dialect(digits: upperDigits, wary: ByteSet("<>&'+\"`\u{7F}".utf8), isASCII: true),  // .NET
    ]

    static func json(_ value: [UInt8]) -> [[UInt8]] {
        let plain: (UInt8) -> Bool = { byte in
            (0x20..<0x7F).contains(byte) && !"\"\\/<>&'+`".utf8.contains(byte)
        }
        if value.allSatisfy(plain) { return [] }
        let text = String(validating: value, as: UTF8.self)
        return dialects.compactMap { dialect in
            guard dialect.isASCII else {
                return rewriting(value) { escape($0, dialect, into: &$1) }
            }
            // What is no text has no characters to write by number.
            guard let text else { return nil }
            var output: [UInt8] = []
            for unit in text.utf16 {
                if unit < 0x80 {
                    escape(UInt8(unit), dialect, into: &output)
                } else {
                    number(unit, dialect, into: &output)
                }
            }
            return output
        }
    }

    private static func escape(_ byte: UInt8, _ dialect: Dialect, into output: inout [UInt8]) {
        let letter: Unicode.Scalar? =
            switch byte {
            case UInt8(ascii: "\""): "\""
            case UInt8(ascii: "\\"): "\\"
            case UInt8(ascii: "/") where dialect.isSlashEscaped: "/"
            case 0x08: "b"
            case 0x09: "t"
            case 0x0A: "n"
            case 0x0C: "f"
            case 0x0D: "r"
            default: nil
            }
        if dialect.wary.contains(byte) {
            number(UInt16(byte), dialect, into: &output)
        } else if let letter {
            output.append(UInt8(ascii: "\\"))
            output.append(UInt8(ascii: letter))
        } else if byte < 0x20 {
            number(UInt16(byte), dialect, into: &output)
        } else {
            output.append(byte)
        }
    }

    private static func number(_ unit: UInt16, _ dialect: Dialect, into output: inout [UInt8]) {
        output += "\\u".utf8
        for shift in [12, 8, 4, 0] { output.append(dialect.digits[Int(unit >> shift & 15)]) }
    }
}
