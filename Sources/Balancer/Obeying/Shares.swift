/// Hundredths for lanes, made into HAProxy's weights for those who share each lane.
///
/// Weights of a lane add up to a whole multiple of its part, so the hundredths are always kept
/// exactly. Among all such multiples, the one is taken with which the members of a lane differ
/// least; where a lane has more members than its part can be cut into, some of them have none.
package enum Shares {
    package static let greatestWeight = 256

    /// For each lane the weights of its members, in their order.
    package static func weights(of lanes: [(percent: Int, members: Int)]) -> [[Int]] {
        let takers = lanes.filter { $0.percent > 0 && $0.members > 0 }
        let divisor = takers.map(\.percent).reduce(0, greatestCommonDivisor)
        guard divisor > 0 else { return lanes.map { Array(repeating: 0, count: $0.members) } }
        let parts = takers.map { (part: $0.percent / divisor, members: $0.members) }
        // With one alone every part fits: there are at most a hundred.
        let most = parts.map { greatestWeight * $0.members / $0.part }.min() ?? 1
        var best = (multiple: 1, unevenness: Double.infinity)
        for multiple in 1...max(1, most) where best.unevenness > 0 {
            let worst =
                parts.map { Self.unevenness(of: multiple * $0.part, among: $0.members) }.max() ?? 0
            if worst < best.unevenness { best = (multiple, worst) }
        }
        return lanes.map { lane in
            guard lane.percent > 0, lane.members > 0 else {
                return Array(repeating: 0, count: lane.members)
            }
            let whole = best.multiple * (lane.percent / divisor)
            let (each, left) = whole.quotientAndRemainder(dividingBy: lane.members)
            return (0..<lane.members).map { $0 < left ? each + 1 : each }
        }
    }

    /// By how much of an even share the fullest and the emptiest differ.
    private static func unevenness(of whole: Int, among members: Int) -> Double {
        whole.isMultiple(of: members) ? 0 : Double(members) / Double(whole)
    }

    private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
        var (first, second) = (first, second)
        while second != 0 { (first, second) = (second, first % second) }
        return first
    }
}
