/// Numbers of users or groups outside of a sandbox, one after the other, that belong to one owner.
package struct UserRange: Hashable, Sendable {
    /// Together with root, who is the sandbox's own user, all numbers that images are known to use.
    package static let full: UInt32 = 65_535

    package let first: UInt32
    package let count: UInt32

    package init(first: UInt32, count: UInt32) {
        self.first = first
        self.count = count
    }

    /// Where those of slots begin: above all that a host gives to its users, to their containers
    /// and to slots. Where a number is negative to a program it is none that runs in a sandbox, as
    /// there it is another.
    private static let start: UInt32 = 1 << 31
    private static let slotsOfHouse = 10_000
    private static let houses = 127
    /// As many attempts of a house as can have ranges at the same time.
    private static let places = 256

    /// The first that a slot may have, and no other slot of its house; nothing for those that come
    /// too late.
    package init?(slot: Int) { self.init(slot: slot, turn: 0) }

    private init?(slot: Int, turn: Int) {
        let (house, place) = slot.quotientAndRemainder(dividingBy: Self.slotsOfHouse)
        guard slot > 0, place < Self.places else { return nil }
        let number = UInt32((house + turn) % Self.houses * Self.places + place)
        self.init(first: Self.start + number * (Self.full + 1), count: Self.full)
    }

    /// That of a slot first, and then those that it can have where another house of this machine
    /// has taken it.
    package static func all(ofSlot slot: Int) -> [UserRange] {
        (0..<houses).compactMap { UserRange(slot: slot, turn: $0) }
    }

    package func overlaps(_ other: UserRange) -> Bool {
        UInt64(first) < UInt64(other.first) + UInt64(other.count)
            && UInt64(other.first) < UInt64(first) + UInt64(count)
    }
}
