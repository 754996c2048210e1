/// The packs of a mirror by their sizes, and whether it is time to put them into one. Each fetch
/// leaves a pack, and each thing that is looked for is looked for in all of them.
package struct PackTally: Hashable, Sendable {
    /// As many as git itself bears.
    package static let many = 50
    /// However little there is in them beside the largest.
    package static let tooMany = 500
    /// What is larger would keep a processor busy for long, and pushes to that remote waiting.
    package static let mostBytes = 1 << 30

    private let bytes: [Int]

    package init(_ bytes: [Int]) { self.bytes = bytes }

    /// All is written anew each time, so it has to be worth it: what has come since the last time
    /// is a quarter of what was there.
    package var isDue: Bool {
        let all = bytes.reduce(0, +)
        guard bytes.count >= Self.many, all <= Self.mostBytes else { return false }
        let largest = bytes.max() ?? 0
        return bytes.count >= Self.tooMany || (all - largest) * 4 >= largest
    }
}
