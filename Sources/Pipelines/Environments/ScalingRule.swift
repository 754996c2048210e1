/// How many instances there are for what is asked of them.
package struct ScalingRule: Hashable, Sendable, Codable {
    package let least: Int
    package let most: Int
    /// What one instance is to be asked in a second; nothing if nobody counts that.
    package let requests: Int?
    /// What one instance is to have in hand at a time; nothing if nobody counts that.
    package let atOnce: Int?
    /// For so long more has to be asked before there are more, and less before there are fewer.
    @Written package var rise: Duration
    @Written package var fall: Duration

    package static let standardRise: Duration = .seconds(30)
    package static let standardFall: Duration = .seconds(300)

    package init(
        _ range: ClosedRange<Int>, requests: Int?, atOnce: Int?,
        rise: Duration = standardRise, fall: Duration = standardFall
    ) {
        least = range.lowerBound
        most = range.upperBound
        self.requests = requests
        self.atOnce = atOnce
        _rise = Written(wrappedValue: rise)
        _fall = Written(wrappedValue: fall)
    }

    package func count(nearest count: Int) -> Int { min(most, max(least, count)) }
}

/// How many instances of a service there are.
package enum CountRule: Hashable, Sendable {
    case fixed(Int)
    case scaled(ScalingRule)

    package var first: Int {
        switch self {
        case .fixed(let count): count
        case .scaled(let rule): rule.least
        }
    }

    package var scaling: ScalingRule? {
        if case .scaled(let rule) = self { rule } else { nil }
    }
}

extension CountRule {
    static let shape = Shape<CountRule>.either(
        Shape<Int>.whole(1...1_000).map(CountRule.fixed), or: scaled)

    private static let scaled = Shape<CountRule>.mapping(
        about: "how many instances there are for what is asked of them"
    ) { keys in
        let least = keys.required("from", .whole(1...1_000), about: "how many there are at least")
        let most = keys.required("to", .whole(1...1_000), about: "how many there are at most")
        let requests = keys.optional(
            "requests", .whole(1...1_000_000), about: "what one is to be asked in a second")
        let atOnce = keys.optional(
            "at-once", .whole(1...100_000), about: "what one is to have in hand at a time")
        let rise = keys.optional(
            "up-after", .duration, about: "how long more is asked before there are more")
        let fall = keys.optional(
            "down-after", .duration, about: "how long less is asked before there are fewer")
        if !keys.isDescribing, !keys.has("requests"), !keys.has("at-once") {
            keys.findings.error(
                at: keys.place, "nothing says when there are to be more",
                hint: "add 'requests: 50', for each instance and second, or 'at-once: 10'")
        }
        for (key, time) in [("up-after", rise), ("down-after", fall)] {
            guard let time, !(.seconds(1) ... .seconds(3_600)).contains(time) else { continue }
            keys.findings.error(
                at: keys.place(of: key), "'\(key)' is \(time.short)", hint: "write 1s to 1h")
        }
        guard let least, let most else { return nil }
        guard least <= most else {
            keys.findings.error(
                at: keys.place(of: "to"), "'to' is less than 'from'",
                hint: "write at least \(least)")
            return nil
        }
        return .scaled(
            ScalingRule(
                least...most, requests: requests, atOnce: atOnce, rise: rise ?? standardRise,
                fall: fall ?? standardFall))
    }

    private static let standardRise = ScalingRule.standardRise
    private static let standardFall = ScalingRule.standardFall
}
