import Cryptography

/// A signed word on how long the record is and how it ends. A chain alone cannot tell that its end
/// was cut off, or that all of it was written anew; a checkpoint kept elsewhere can.
package struct Checkpoint: Hashable, Sendable {
    package let size: Int
    package let body: String
    /// Ed25519, in hex.
    package let signature: String

    private static let word = "slipway-checkpoint-1"

    package init(size: Int, body: String, signature: String) {
        self.size = size
        self.body = body
        self.signature = signature
    }

    init(
        after previous: Checkpoint?, of head: Head, at wall: Int64, signedWith key: AuditKey
    ) throws(StoreError) {
        size = head.sequence
        body =
            [
                Self.word, String(head.sequence), head.hash, String(wall / 1_000),
                previous.map(\.digest) ?? Head.empty.hash, key.id,
            ].joined(separator: "\n") + "\n"
        signature = try key.sign(body)
    }

    /// What the next checkpoint holds on to.
    package var digest: String { SHA256.hex(of: Array((body + signature).utf8)) }

    /// The hash of the last record it speaks of, and the digest of the checkpoint before it.
    struct Claims {
        let size: Int
        let hash: String
        let previous: String
        let keyID: String
    }

    /// Nothing if it is not written as a checkpoint is.
    var claims: Claims? {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 7, lines[0] == Self.word, lines[6].isEmpty, let size = Int(lines[1])
        else { return nil }
        return Claims(size: size, hash: lines[2], previous: lines[4], keyID: lines[5])
    }

    func isSigned(by key: VerifyingKey) -> Bool {
        guard let bytes = Hex.bytes(of: signature) else { return false }
        return key.isValid(bytes, for: Array(body.utf8))
    }

    /// On one line, for a file that only grows.
    package var line: String {
        body.split(separator: "\n").joined(separator: " ") + " " + signature
    }

    package init?(line: Substring) {
        let words = line.split(separator: " ")
        guard words.count == 7, words[0] == Self.word, let size = Int(words[1]) else { return nil }
        self.size = size
        body = words[..<6].joined(separator: "\n") + "\n"
        signature = String(words[6])
    }
}
