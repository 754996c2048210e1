import CCrypto

/// HMAC with SHA-256: a digest that only those can make who know the key.
package enum HMAC {
    package static let length = 32

    package static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: length)
        var count = UInt32(length)
        // An empty array has no address, and to HMAC no address means the key of the last call.
        let known = key.isEmpty ? [0] : key
        _ = unsafe CCrypto.HMAC(
            EVP_sha256(), known, Int32(key.count), message, message.count, &code, &count)
        return code
    }
}
