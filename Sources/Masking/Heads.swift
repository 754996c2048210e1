/// The first six bytes of every needle.
struct Heads: Sendable {
    static let length = 6
    static let mask: UInt64 = 0xFFFF_FFFF_FFFF

    struct Head: Sendable {
        /// The bytes as a number, the first being the least.
        let key: UInt64
        let node: UInt32
    }

    /// A hash table, a quarter full at most. A slot whose node is `nowhere` is free.
    private let slots: [Head]
    private let shift: UInt64
    /// With the first byte as the greatest, so that those of one beginning stand together.
    private let sorted: [UInt64]

    init(_ heads: [Head]) {
        let bits = max(4, Int.bitWidth - (heads.count * 4 - 1).leadingZeroBitCount)
        shift = UInt64(64 - bits)
        var slots = [Head](
            repeating: Head(key: 0, node: Automaton.nowhere), count: 1 << bits)
        for head in heads {
            var slot = Self.slot(of: head.key, shift)
            while slots[slot].node != Automaton.nowhere { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = head
        }
        self.slots = slots
        sorted = heads.map { $0.key.byteSwapped >> 16 }.sorted()
    }

    /// The state after these six bytes.
    @inline(__always)
    func node(of key: UInt64) -> UInt32 {
        var slot = Self.slot(of: key, shift)
        while true {
            let head = slots[slot]
            if head.key == key || head.node == Automaton.nowhere { return head.node }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// Whether some needle begins with the first `count` bytes of this key, of which there are
    /// fewer than six.
    func begin(with key: UInt64, count: Int) -> Bool {
        let rest = UInt64(8 * (Self.length - count))
        let wanted = (key.byteSwapped >> 16) >> rest
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] >> rest < wanted { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] >> rest == wanted
    }

    @inline(__always)
    private static func slot(of key: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }
}
