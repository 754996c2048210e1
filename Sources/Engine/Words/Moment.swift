package import People

/// An instant as the house knows it, on two clocks.
///
/// Waits, time-outs and back-offs are reckoned on `steady`, which counts the milliseconds that the
/// house has lived through and never jumps. `wall` is for people and for the calendar; setting the
/// machine's clock a year ahead therefore expires nothing and starts nothing.
package struct Moment: Hashable, Sendable, Codable {
    /// Milliseconds since 1970, as the machine's clock has it.
    package let wall: Int64
    package let steady: Steady

    package init(wall: Int64, steady: Steady) {
        self.wall = wall
        self.steady = steady
    }

    /// The same, as tokens reckon.
    package var instant: Token.Instant {
        Token.Instant(wall: wall, steady: steady.milliseconds)
    }
}

/// Milliseconds on the clock that never jumps.
package struct Steady: Hashable, Sendable, Comparable, Codable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package static func + (start: Self, duration: Duration) -> Self {
        let (seconds, attoseconds) = duration.components
        // A duration too long for the clock never ends, which is what its author meant.
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, beyond) = start.milliseconds.addingReportingOverflow(
            overflow ? Int64.max : whole + attoseconds / 1_000_000_000_000_000)
        return Self(milliseconds: overflow || beyond ? Int64.max : sum)
    }

    package static func - (end: Self, start: Self) -> Duration {
        .milliseconds(end.milliseconds - start.milliseconds)
    }
}
