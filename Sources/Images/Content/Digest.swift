package import Cryptography

/// What content is called by: its SHA-256, written `sha256:` and 64 digits.
package struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    private static let algorithm = "sha256:"

    package let hex: String

    package var description: String { Self.algorithm + hex }

    package init(of bytes: [UInt8]) { hex = SHA256.hex(of: bytes) }

    /// Of all that the hash has seen.
    package init(finishing hash: consuming SHA256) { hex = hash.hex() }

    package init(parsing text: String) throws(ImageMistake) {
        let digits = text.dropFirst(Self.algorithm.count)
        guard text.hasPrefix(Self.algorithm), digits.utf8.count == 64,
            Hex.bytes(of: String(digits)) != nil
        else {
            throw ImageMistake(
                "'\(ImageMistake.shown(text))' is no digest that is taken here",
                hint: "one is 'sha256:' and 64 digits of 0-9 and a-f")
        }
        hex = String(digits)
    }

    package static func < (one: Digest, other: Digest) -> Bool { one.hex < other.hex }
}
