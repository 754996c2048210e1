/// What an image is called between its build and its end here. Under `.invalid` there is no
/// registry, so it is nobody else's name and cannot be pushed by mistake; and it says whose it is,
/// so that a house finds what its killed builds have left.
package struct BuildName: Hashable, Sendable, CustomStringConvertible {
    private static let registry = "slipway.invalid"

    package let description: String

    /// `owner` is what the house knows the build by: the folder of its attempt.
    package init(house: String, owner: String) {
        var random = SystemRandomNumberGenerator()
        self.init(house: house, owner: owner, number: random.next())
    }

    package init(house: String, owner: String, number: UInt64) {
        let tag = "\(Self.short(owner))-\(String(number, radix: 36))"
        description = "\(Self.registry)/\(Self.short(house)):\(tag)"
    }

    /// The Engine's pattern for all of a house.
    package static func pattern(house: String) -> String { "\(registry)/\(short(house)):*" }

    /// The Engine's pattern for those of one owner, of whatever house.
    package static func pattern(owner: String) -> String { "\(registry)/*:\(short(owner))-*" }

    /// Whether an image of that name is one of the owner's.
    package static func isName(_ name: String, of owner: String) -> Bool {
        name.contains(":\(short(owner))-")
    }

    /// FNV-1a: paths are long, and a repository's name has few letters. Nothing secret rests on it.
    private static func short(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        return String(hash, radix: 36)
    }
}
