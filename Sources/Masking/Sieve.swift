/// Says where in a text no needle can begin, by looking at a third of its places.
///
/// Of four bytes that stand in a needle's first six there are three: at 0, 1 and 2. So whoever
/// looks at every third place sees one of them, and where the four bytes are none of these, no
/// needle begins there or at the two places before. (Wu and Manber's idea, with a fixed stride.)
struct Sieve: Sendable {
    static let block = 4
    static let stride = Heads.length - block + 1

    /// A bit for each hash, one in 32 of them set, as long as that stays in a processor's cache.
    private let bits: [UInt32]
    private let shift: UInt32

    private static let fewestBits = 13
    private static let mostBits = 22

    init(_ heads: [Heads.Head]) {
        let wanted = Int.bitWidth - (heads.count * Self.stride * 32).leadingZeroBitCount
        let size = min(max(wanted, Self.fewestBits), Self.mostBits)
        shift = UInt32(32 - size)
        var bits = [UInt32](repeating: 0, count: 1 << (size - 5))
        for head in heads {
            for offset in 0..<Self.stride {
                let hash = Self.hash(
                    UInt32(truncatingIfNeeded: head.key >> UInt64(8 * offset)), shift)
                bits[Int(hash >> 5)] |= 1 << (hash & 31)
            }
        }
        self.bits = bits
    }

    /// The first place that is worth to look at, from `first` on in steps of the stride; or one
    /// beyond `last` if there is none. Four bytes have to be there from `last` on.
    func candidate(in text: RawSpan, from first: Int, to last: Int) -> Int {
        guard first <= last else { return first }
        precondition(first >= 0 && last + Self.block <= text.byteCount)
        let bits = self.bits.span
        let shift = self.shift
        var place = first
        while place <= last {
            // In bounds by the precondition; the hash has as many bits as the table.
            let block = unsafe text.unsafeLoadUnaligned(
                fromUncheckedByteOffset: place, as: UInt32.self)
            let hash = Self.hash(block, shift)
            let word = unsafe bits[unchecked: Int(truncatingIfNeeded: hash &>> 5)]
            if word & (1 &<< (hash & 31)) != 0 { return place }
            place &+= Self.stride
        }
        return place
    }

    @inline(__always)
    private static func hash(_ block: UInt32, _ shift: UInt32) -> UInt32 {
        (block &* 0x9E37_79B1) &>> shift
    }
}
