import Cryptography

/// What the holder of a token shows: `slipway_ID_SECRET_SUM`.
///
/// The word in front lets scanners of repositories find one that was committed by mistake. The sum
/// tells a slip of the hand from a token that is not known here, before anything is looked up.
package struct TokenText: Sendable {
    package static let word = "slipway"
    package static let secretBytes = 32
    /// How many random bytes one is made of.
    package static let randomBytes = TokenID.bytes + secretBytes
    /// Longer texts are not looked at.
    static let maximumLength = 200

    package let id: TokenID
    /// The whole of it: who has this is let in. It is printed once and kept nowhere.
    package let text: String

    /// Nothing unless there are `randomBytes` of them, from a source that nobody can guess.
    package init?(random bytes: [UInt8]) {
        guard bytes.count == Self.randomBytes,
            let id = TokenID(Hex.text(of: Array(bytes.prefix(TokenID.bytes))))
        else { return nil }
        self.id = id
        let start = "\(Self.word)_\(id)_\(Hex.text(of: Array(bytes.dropFirst(TokenID.bytes))))"
        text = "\(start)_\(Checksum.text(of: start))"
    }

    package enum Flaw: String, Error, Sendable {
        /// It does not look like one.
        case malformed
        /// It looks like one, and its sum is wrong.
        case mistyped
    }

    package init(parsing text: String) throws(Flaw) {
        guard text.utf8.count <= Self.maximumLength else { throw .malformed }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == Self.word, let id = TokenID(String(parts[1])),
            parts[2].utf8.count == Self.secretBytes * 2,
            parts[2].utf8.allSatisfy(HexDigits.contains)
        else { throw .malformed }
        guard parts[3] == Checksum.text(of: parts[0...2].joined(separator: "_")) else {
            throw .mistyped
        }
        self.id = id
        self.text = text
    }

    /// What the house keeps of it.
    package var hash: String { SHA256.hex(of: Array(text.utf8)) }
}

/// CRC-32 as zip and PNG have it: it finds slips, and hides nothing.
enum Checksum {
    private static let polynomial: UInt32 = 0xEDB8_8320
    private static let digits = 8

    static func text(of text: String) -> String {
        var sum = UInt32.max
        for byte in text.utf8 {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ polynomial : sum >> 1 }
        }
        let hex = String(~sum, radix: 16)
        return String(repeating: "0", count: digits - hex.count) + hex
    }
}
