extension Forms {
    private static let unreserved = ByteSet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    /// What is kept as it is, and whether a blank becomes '+'. Libraries disagree.
    private static let dialects: [(kept: ByteSet, plus: Bool)] = [
        (unreserved, false),  // RFC 3986, curl
        (unreserved, true),  // Python's quote_plus, Go's QueryEscape
        (unreserved.union("/".utf8), false),  // Python's quote
        (unreserved.union("!'()*".utf8), false),  // JavaScript's encodeURIComponent
        (unreserved.union("!'()*;,/?:@&=+$#".utf8), false),  // JavaScript's encodeURI
        (unreserved.subtracting("~".utf8).union("*".utf8), true),  // HTML forms, Java
    ]

    static func percent(_ value: [UInt8]) -> [[UInt8]] {
        // Most values are the same in every dialect.
        if value.allSatisfy({ unreserved.contains($0) && $0 != UInt8(ascii: "~") }) { return [] }
        return dialects.flatMap { dialect in
            [lowerDigits, upperDigits].map { digits in
                rewriting(value) { byte, output in
                    if dialect.kept.contains(byte) {
                        output.append(byte)
                    } else if dialect.plus, byte == UInt8(ascii: " ") {
                        output.append(UInt8(ascii: "+"))
                    } else {
                        output.append(UInt8(ascii: "%"))
                        output.append(digits[Int(byte >> 4)])
                        output.append(digits[Int(byte & 15)])
                    }
                }
            }
        }
    }
}
