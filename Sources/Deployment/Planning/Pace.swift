import Pipelines

/// How many must serve, and how many there may be, while instances are exchanged.
package enum Pace: Hashable, Sendable, Codable {
    /// All serve all the time, and there may be as many again.
    case beside
    /// As many at once come up before as many go.
    case batch(Int)
    /// As ECS reckons: the least is rounded up, the most is rounded down.
    case percents(minimum: Int, maximum: Int)

    package func least(of count: Int) -> Int {
        switch self {
        case .beside, .batch: count
        case .percents(let minimum, _): (count * minimum + 99) / 100
        }
    }

    package func most(of count: Int) -> Int {
        switch self {
        case .beside: 2 * count
        case .batch(let size): count + min(size, count)
        case .percents(_, let maximum): count * maximum / 100
        }
    }

    /// How often a part of `count` is exchanged until all are; nothing if none ever could be.
    package func turns(of count: Int) -> Int? {
        guard count > 0 else { return 0 }
        let room = most(of: count) - least(of: count)
        return room > 0 ? (count + room - 1) / room : nil
    }
}
