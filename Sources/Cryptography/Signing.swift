import CCrypto

/// An Ed25519 key that signs. Its seed is all there is to keep.
package struct SigningKey: Sendable {
    package static let length = 32
    package let seed: [UInt8]

    /// Nothing if it has another length.
    package init?(seed: [UInt8]) {
        guard seed.count == Self.length else { return nil }
        self.seed = seed
    }

    package static func random() throws(CryptographyError) -> SigningKey {
        guard let key = SigningKey(seed: try RandomBytes.make(length)) else {
            throw CryptographyError("the system gave no random bytes")
        }
        return key
    }

    package func publicKey() throws(CryptographyError) -> VerifyingKey {
        let key = try KeyHandle(seed: seed)
        guard let verifying = VerifyingKey(bytes: try key.publicBytes()) else {
            throw CryptographyError("the key has no public half")
        }
        return verifying
    }

    package func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try KeyHandle(seed: seed).sign(message)
    }
}

/// The half of a key that everybody may have.
package struct VerifyingKey: Hashable, Sendable {
    package static let length = 32
    package let bytes: [UInt8]

    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    package func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard let key = try? KeyHandle(publicKey: bytes) else { return false }
        return key.verifies(signature, for: message)
    }
}

package struct CryptographyError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// libcrypto's key, owned here.
@safe private struct KeyHandle: ~Copyable {
    private static let signatureLength = 64
    private let key: OpaquePointer

    init(seed: [UInt8]) throws(CryptographyError) {
        let made = unsafe EVP_PKEY_new_raw_private_key(
            EVP_PKEY_ED25519, nil, seed, seed.count)
        guard let made = unsafe made else { throw CryptographyError("the key is not readable") }
        unsafe key = made
    }

    init(publicKey: [UInt8]) throws(CryptographyError) {
        let made = unsafe EVP_PKEY_new_raw_public_key(
            EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        guard let made = unsafe made else { throw CryptographyError("the key is not readable") }
        unsafe key = made
    }

    deinit { unsafe EVP_PKEY_free(key) }

    func publicBytes() throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: VerifyingKey.length)
        var length = bytes.count
        guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1 else {
            throw CryptographyError("the key has no public half")
        }
        return bytes
    }

    func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Self.signatureLength)
        var length = signature.count
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1
        else { throw CryptographyError("the key does not sign") }
        return signature
    }

    func verifies(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        return unsafe EVP_DigestVerify(
            context, signature, signature.count, message, message.count) == 1
    }
}
