import CCrypto

/// AES-256-GCM: hides bytes and notices when they, or what they are bound to, were changed.
package enum Sealing {
    package static let keyLength = 32
    /// Never used twice with a key; random ones are safe for four thousand million messages.
    package static let nonceLength = 12
    private static let tagLength = 16

    /// The sealed bytes with their tag behind them.
    package static func seal(
        _ bytes: [UInt8], key: [UInt8], nonce: [UInt8], boundTo context: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let cipher = try Cipher(key: key, nonce: nonce, isSealing: true)
        try cipher.bind(context)
        let sealed = try cipher.update(bytes)
        try cipher.finish()
        return sealed + (try cipher.tag(count: tagLength))
    }

    /// Throws if they were not sealed with this key, nonce and context, or have changed since.
    package static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], boundTo context: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard sealed.count >= tagLength else { throw CryptographyError("it is too short") }
        let cipher = try Cipher(key: key, nonce: nonce, isSealing: false)
        try cipher.bind(context)
        var bytes = try cipher.update(Array(sealed.dropLast(tagLength)))
        do {
            try cipher.expect(tag: Array(sealed.suffix(tagLength)))
            try cipher.finish()
        } catch {
            // What does not prove itself is not shown to anybody.
            bytes.wipe()
            throw CryptographyError("it was changed, or sealed with another key")
        }
        return bytes
    }
}

/// libcrypto's cipher at work, owned here.
@safe private struct Cipher: ~Copyable {
    private let context: OpaquePointer

    init(key: [UInt8], nonce: [UInt8], isSealing: Bool) throws(CryptographyError) {
        // Fails only when there is no memory left, which nothing here outlives.
        unsafe context = EVP_CIPHER_CTX_new()
        guard key.count == Sealing.keyLength, nonce.count == Sealing.nonceLength,
            unsafe EVP_CipherInit_ex(
                context, EVP_aes_256_gcm(), nil, key, nonce, isSealing ? 1 : 0) == 1
        else { throw CryptographyError("the key or the nonce has another length") }
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    func bind(_ bytes: [UInt8]) throws(CryptographyError) {
        var count: Int32 = 0
        guard
            unsafe EVP_CipherUpdate(context, nil, &count, bytes, Int32(bytes.count)) == 1
        else { throw CryptographyError("the cipher takes no context") }
    }

    func update(_ bytes: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        var out = [UInt8](repeating: 0, count: bytes.count)
        var count: Int32 = 0
        guard
            unsafe EVP_CipherUpdate(context, &out, &count, bytes, Int32(bytes.count)) == 1,
            count == bytes.count
        else { throw CryptographyError("the cipher does not work") }
        return out
    }

    /// GCM writes nothing at the end; when opening, it looks whether the tag is right.
    func finish() throws(CryptographyError) {
        var rest: [UInt8] = [0]
        var count: Int32 = 0
        guard unsafe EVP_CipherFinal_ex(context, &rest, &count) == 1 else {
            throw CryptographyError("the tag is wrong")
        }
    }

    func tag(count: Int) throws(CryptographyError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: count)
        guard
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(count), &tag) == 1
        else { throw CryptographyError("the cipher has no tag") }
        return tag
    }

    func expect(tag: [UInt8]) throws(CryptographyError) {
        var tag = tag
        guard
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
        else { throw CryptographyError("the cipher takes no tag") }
    }
}
