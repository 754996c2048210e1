package import Cryptography

/// The key that signs checkpoints. It lies in a file of its own, which only its owner may read, and
/// its public half beside it, for whoever wants to verify.
package struct AuditKey: Sendable {
    private let signing: SigningKey
    package let verifying: VerifyingKey

    /// What checkpoints call the key: the beginning of its public half.
    package var id: String { String(Hex.text(of: verifying.bytes).prefix(16)) }

    package init(_ signing: SigningKey) throws(StoreError) {
        self.signing = signing
        do {
            verifying = try signing.publicKey()
        } catch { throw Self.failure("read the audit key", error) }
    }

    package static func random() throws(StoreError) -> AuditKey {
        let signing: SigningKey
        do {
            signing = try SigningKey.random()
        } catch { throw failure("make an audit key", error) }
        return try AuditKey(signing)
    }

    /// Reads the key of a folder, or makes one where there is none.
    package static func of(_ folder: String) throws(StoreError) -> AuditKey {
        let path = "\(folder)/audit.key"
        if let text = try Files.text(of: path) {
            guard let seed = Hex.bytes(of: text.trimmed), let signing = SigningKey(seed: seed)
            else {
                throw StoreError(
                    .corrupt, "read '\(path)'", problem: "it is no key",
                    hint: "put back the file from a backup; without it nothing new can be signed")
            }
            return try AuditKey(signing)
        }
        let key = try random()
        try Files.write(
            "\(folder)/audit.pub", Hex.text(of: key.verifying.bytes) + "\n", mode: 0o644)
        // Last: once it is there, both are.
        try Files.write(path, Hex.text(of: key.signing.seed) + "\n", mode: 0o400)
        return key
    }

    func sign(_ text: String) throws(StoreError) -> String {
        do {
            return Hex.text(of: try signing.sign(Array(text.utf8)))
        } catch { throw Self.failure("sign a checkpoint", error) }
    }

    private static func failure(_ operation: String, _ error: any Error) -> StoreError {
        StoreError(.other, operation, problem: "\(error)", hint: "check the machine's OpenSSL")
    }
}

extension String {
    var trimmed: String { split(whereSeparator: \.isWhitespace).joined() }
}
