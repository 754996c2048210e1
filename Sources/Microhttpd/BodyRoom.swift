/// Memory for bodies of requests that are on their way, and who holds how much of it.
///
/// Nobody may hold more than an eighth of what is left for others. So those who send slowly, and
/// hold on to what they have, leave eight parts in nine each, and whoever comes next finds some.
package struct BodyRoom: Sendable {
    private static let parts = 8

    package let size: Int
    package private(set) var taken = 0
    private var held: [String: Int] = [:]

    package init(size: Int) { self.size = size }

    /// How many bytes more this one may have now.
    package func allowance(of holder: String) -> Int {
        // What is taken is no longer left for others.
        max(0, size - taken - Self.parts * (held[holder] ?? 0)) / (Self.parts + 1)
    }

    /// Gives whether there was room; it has to be given back.
    package mutating func take(_ count: Int, for holder: String) -> Bool {
        guard count <= allowance(of: holder) else { return false }
        held[holder, default: 0] += count
        taken += count
        return true
    }

    package mutating func giveBack(_ count: Int, of holder: String) {
        guard count > 0, let left = held[holder] else { return }
        held[holder] = left > count ? left - count : nil
        taken -= min(count, left)
    }
}
