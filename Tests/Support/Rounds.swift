import Glibc

/// Bytes that count round and round, so that one that is missing or out of place is seen.
package enum Rounds {
    /// No power of two, so that no buffer's size hides a whole round.
    private static let length = 251
    private static let all = (0..<(length * 8_000)).map { UInt8($0 % length) }

    /// What follows so many, a megabyte of it.
    package static func next(after count: Int) -> [UInt8] {
        Array(all[(count % length)...].prefix(1 << 20))
    }

    package static func areNext(_ bytes: [UInt8], after count: Int) -> Bool {
        let expected = Array(all[(count % length)...].prefix(bytes.count))
        guard expected.count == bytes.count else { return false }
        return unsafe memcmp(expected, bytes, bytes.count) == 0
    }
}
