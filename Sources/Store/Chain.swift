import Cryptography

/// How each record holds on to the one before it.
package enum Chain {
    private static let word = "slipway-record-1\n"

    /// The hash of a record, from the hash of the one before it and its own bytes.
    package static func hash(after previous: String, _ body: [UInt8]) -> String {
        var digest = SHA256()
        digest.update(word)
        digest.update(previous)
        digest.update("\n")
        digest.update(body)
        return digest.hex()
    }
}
