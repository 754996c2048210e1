/// Says where in a text no needle can begin, by looking at a third of its places.
///
/// Of four bytes that stand in a needle's first six there are three: at 0, 1 and 2. So whoever
/// looks at every third place sees one of them, and where the four bytes are none of these, no
/// needle begins there or at the two places before. (Wu and Manber's idea, with a fixed stride.)
struct Sieve: Sendable {
    static let block = 4
    static let stride = Heads.length - block + 1

    /// A bit for each hash. There are two sizes: one for a processor's first cache, and one for
    /// its second.
    private let bits: [UInt32]
    private let isLarge: Bool

    private static let smallBits: UInt32 = 18
    private static let largeBits: UInt32 = 22
    /// Beyond this the small one would find too much.
    private static let mostSmallHeads = 2_000

    init(_ heads: [Heads.Head]) {
        isLarge = heads.count > Self.mostSmallHeads
        let size = isLarge ? Self.largeBits : Self.smallBits
        var bits = [UInt32](repeating: 0, count: 1 << (size - 5))
        for head in heads {
            for offset in 0..<Self.stride {
                let block = UInt32(truncatingIfNeeded: head.key >> UInt64(8 * offset))
                let hash = Self.hash(block, size)
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
        // Each with its size known to the compiler, which is faster.
        return isLarge
            ? candidate(in: text, from: first, to: last, Self.largeBits)
            : candidate(in: text, from: first, to: last, Self.smallBits)
    }

    @inline(__always)
    private func candidate(
        in text: RawSpan, from first: Int, to last: Int, _ size: UInt32
    ) -> Int {
        let bits = self.bits.span
        // What a probe finds is the lowest bit. In bounds by the caller's precondition; and the
        // hash has as many bits as the table.
        @inline(__always) func probe(_ place: Int) -> UInt32 {
            let block = unsafe text.unsafeLoadUnaligned(
                fromUncheckedByteOffset: place, as: UInt32.self)
            let hash = Self.hash(block, size)
            return unsafe bits[unchecked: Int(truncatingIfNeeded: hash &>> 5)] &>> (hash & 31)
        }
        var place = first
        // Four at once, so that the processor has one branch to guess instead of four.
        while place <= last - 3 * Self.stride {
            let any =
                probe(place) | probe(place &+ Self.stride) | probe(place &+ 2 &* Self.stride)
                | probe(place &+ 3 &* Self.stride)
            if any & 1 != 0 { break }
            place &+= 4 &* Self.stride
        }
        while place <= last, probe(place) & 1 == 0 { place &+= Self.stride }
        return place
    }

    @inline(__always)
    private static func hash(_ block: UInt32, _ size: UInt32) -> UInt32 {
        (block &* 0x9E37_79B1) &>> (32 - size)
    }
}
