extension Forms {
    private static let quote = UInt8(ascii: "'")
    private static let backslash = UInt8(ascii: "\\")

    /// What stands between the quotes when a shell prints a value so that it could read it again
    /// (`set -x`, `export -p`, `printf %q`).
    static func shell(_ value: [UInt8]) -> [[UInt8]] {
        if value.allSatisfy(unquoted.contains) { return [] }
        return [
            // Between single quotes: bash, then dash.
            rewriting(value) { $1 += $0 == quote ? Array(#"'\''"#.utf8) : [$0] },
            rewriting(value) { $1 += $0 == quote ? Array(#"'"'"'"#.utf8) : [$0] },
            // Between double quotes.
            rewriting(value) { $1 += inDoubleQuotes.contains($0) ? [backslash, $0] : [$0] },
            // Without quotes.
            rewriting(value) { byte, output in
                let isSpecial =
                    special.contains(byte)
                    || (output.isEmpty && specialAtFirst.contains(byte))
                output += isSpecial ? [backslash, byte] : [byte]
            },
            // Between $' and ', where the locale has letters beyond ASCII and where it has none.
            rewriting(value) { $1 += $0 < 0x80 ? inDollarQuotes($0) : [$0] },
            rewriting(value) { $1 += $0 < 0x80 ? inDollarQuotes($0) : octal($0) },
        ]
    }

    private static let unquoted = ByteSet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/+=:@%".utf8)
    private static let inDoubleQuotes = ByteSet("\"$`\\".utf8)
    private static let special = ByteSet(" !\"$&'()*,;<>?[\\]^`{|}".utf8)
    private static let specialAtFirst = ByteSet("#~".utf8)

    private static func inDollarQuotes(_ byte: UInt8) -> [UInt8] {
        let letter: Unicode.Scalar? =
            switch byte {
            case 0x07: "a"
            case 0x08: "b"
            case 0x09: "t"
            case 0x0A: "n"
            case 0x0B: "v"
            case 0x0C: "f"
            case 0x0D: "r"
            case 0x1B: "E"
            case quote: "'"
            case backslash: "\\"
            default: nil
            }
        if let letter { return [backslash, UInt8(ascii: letter)] }
        return byte < 0x20 || byte == 0x7F ? octal(byte) : [byte]
    }

    private static func octal(_ byte: UInt8) -> [UInt8] {
        [backslash] + [6, 3, 0].map { UInt8(ascii: "0") + (byte >> $0 & 7) }
    }
}
