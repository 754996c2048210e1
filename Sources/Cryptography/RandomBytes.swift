import CCrypto

/// Bytes that nobody can guess, from the system.
package enum RandomBytes {
    package static func make(_ count: Int) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe RAND_bytes(buffer.baseAddress, Int32(buffer.count))
        }
        guard result == 1 else { throw CryptographyError("the system gave no random bytes") }
        return bytes
    }
}

extension [UInt8] {
    /// Overwrites what is here before the memory goes to somebody else. Copies of the array share
    /// this memory only until one of them changes, so there should be none.
    package mutating func wipe() {
        unsafe withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
