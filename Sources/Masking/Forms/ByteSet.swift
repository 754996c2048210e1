/// A set of bytes: a bit for each.
struct ByteSet: Sendable {
    private var bits: SIMD4<UInt64> = .zero

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { bits[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
    }

    func contains(_ byte: UInt8) -> Bool { bits[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

    func union(_ bytes: String.UTF8View) -> ByteSet {
        var whole = self
        whole.bits |= ByteSet(bytes).bits
        return whole
    }

    func subtracting(_ bytes: String.UTF8View) -> ByteSet {
        var rest = self
        rest.bits &= ~ByteSet(bytes).bits
        return rest
    }
}
