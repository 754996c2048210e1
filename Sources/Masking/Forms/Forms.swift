/// The ways in which one value is written. A value too short to be hidden has no forms either:
/// they would hide what merely resembles it.
enum Forms {
    static func all(of value: [UInt8]) -> [[UInt8]] {
        guard value.count >= Needles.shortest else { return [] }
        return [value] + percent(value) + json(value) + base64(value) + hexadecimal(value)
            + shell(value)
    }

    static let lowerDigits = Array("0123456789abcdef".utf8)
    static let upperDigits = Array("0123456789ABCDEF".utf8)

    static func hexadecimal(_ value: [UInt8]) -> [[UInt8]] {
        [lowerDigits, upperDigits].map { digits in
            rewriting(value) { byte, output in
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            }
        }
    }

    /// What `write` makes of the value's bytes, one after the other.
    static func rewriting(
        _ value: [UInt8], _ write: (UInt8, inout [UInt8]) -> Void
    ) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(value.count * 2)
        for byte in value { write(byte, &output) }
        return output
    }
}
