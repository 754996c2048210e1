/// IPv4 addresses that begin with the same bits, such as `10.0.0.0/8`. Each value is known to be
/// one, so nobody checks it again.
package struct NetworkRange: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(parsing text: String) throws(Mistake) {
        let hint = "write the first address and how many bits are alike, such as '10.0.0.0/8'"
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard !text.contains(":") else {
            throw Mistake(
                "'\(text)' is IPv6", hint: "leave it out: network 'outbound' has no IPv6 at all")
        }
        guard (1...2).contains(parts.count), let address = Self.address(parts[0]),
            let length = parts.count == 1 ? 32 : Self.number(parts[1], atMost: 32)
        else { throw Mistake("'\(text)' is no range of addresses", hint: hint) }
        guard length > 0 else {
            throw Mistake(
                "'\(text)' is every address", hint: "use 'network: none', which reaches nothing")
        }
        let first = address & ~0 << (32 - UInt32(length))
        guard first == address else {
            throw Mistake(
                "'\(text)' does not begin at its first address",
                hint: "write '\(Self.text(first))/\(length)'")
        }
        description = "\(Self.text(address))/\(length)"
    }

    package static let shape = Shape<NetworkRange>.text("a range such as '10.0.0.0/8'") {
        text throws(Mistake) in try NetworkRange(parsing: text)
    }

    private static func address(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let byte = number(part, atMost: 255) else { return nil }
            address = address << 8 | byte
        }
        return address
    }

    /// A number without a sign or a needless zero, which some would read as octal.
    private static func number(_ text: Substring, atMost most: UInt32) -> UInt32? {
        guard let number = UInt32(text), number <= most, "\(number)" == text else { return nil }
        return number
    }

    private static func text(_ address: UInt32) -> String {
        [24, 16, 8, 0].map { "\(address >> UInt32($0) & 0xFF)" }.joined(separator: ".")
    }
}
