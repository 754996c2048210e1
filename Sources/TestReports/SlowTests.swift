/// Which tests take the time.
package enum SlowTests {
    /// The slowest first; those that do not say how long they took are none.
    package static func slowest(of cases: [TestCase], atMost most: Int) -> [TestCase] {
        let timed = cases.filter { ($0.microseconds ?? 0) > 0 }
        let sorted = timed.sorted { left, right in
            let (a, b) = (left.microseconds ?? 0, right.microseconds ?? 0)
            return a != b ? a > b : left.title < right.title
        }
        return Array(sorted.prefix(most))
    }
}

/// Times of tests as people read them: `0.4ms`, `12ms`, `1.50s`, `125s`.
package enum TestTime {
    package static func text(_ microseconds: Int) -> String {
        let milliseconds = microseconds / 1_000
        if microseconds < 10_000 { return "\(milliseconds).\(microseconds % 1_000 / 100)ms" }
        if milliseconds < 1_000 { return "\(milliseconds)ms" }
        let seconds = milliseconds / 1_000
        guard seconds < 100 else { return "\(seconds)s" }
        let rest = milliseconds % 1_000 / 10
        return "\(seconds).\(rest < 10 ? "0" : "")\(rest)s"
    }
}
