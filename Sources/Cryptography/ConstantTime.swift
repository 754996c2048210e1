import CCrypto

/// Comparing what a stranger sent with what they would have to know.
package enum ConstantTime {
    /// Whether they are equal. How long it takes tells nothing but their lengths.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe CRYPTO_memcmp(left, right, left.count) == 0
    }
}
