import CCrypto

/// A digest that only those can make who know the key.
package enum HMAC {
    package static let length = 32
    private static let lengthOfSHA1 = 20

    package static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        unsafe digest(message, key, by: EVP_sha256(), length)
    }

    /// Only for what others have made with it: OpenSSH hides the names of hosts so.
    package static func sha1(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        unsafe digest(message, key, by: EVP_sha1(), lengthOfSHA1)
    }

    private static func digest(
        _ message: [UInt8], _ key: [UInt8], by function: OpaquePointer?, _ length: Int
    ) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: length)
        var count = UInt32(length)
        // An empty array has no address, and to HMAC no address means the key of the last call.
        let known = key.isEmpty ? [0] : key
        _ = unsafe CCrypto.HMAC(
            function, known, Int32(key.count), message, message.count, &code, &count)
        return code
    }
}
