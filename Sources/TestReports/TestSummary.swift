/// What a line tells of an attempt's tests.
package struct TestSummary: Hashable, Sendable {
    package struct Failure: Hashable, Sendable {
        package let title: String
        /// The first line of what it said.
        package let message: String

        package init(title: String, message: String) {
            self.title = title
            self.message = message
        }
    }

    package var total = 0
    /// Those that broke are among them.
    package var failed = 0
    package var skipped = 0
    /// Passed in the end, after the tool had run them again.
    package var flaky = 0
    package var files = 0
    package var microseconds = 0
    /// The first few.
    package var failures: [Failure] = []
    /// What people have to know of the reports themselves.
    package var warnings: [String] = []

    package init() {}

    /// `48 tests, 1 failed, 2 skipped`
    package var sentence: String {
        var parts = ["\(total) test\(total == 1 ? "" : "s")"]
        if failed > 0 { parts.append("\(failed) failed") }
        if skipped > 0 { parts.append("\(skipped) skipped") }
        if flaky > 0 { parts.append("\(flaky) flaky") }
        return parts.joined(separator: ", ")
    }
}

extension TestSummary {
    private static let longestLine = 500

    mutating func count(_ test: TestCase) {
        total += 1
        microseconds += test.microseconds ?? 0
        if test.outcome == .skipped { skipped += 1 }
        if test.isFlaky { flaky += 1 }
        guard test.outcome.isFailure else { return }
        failed += 1
        guard failures.count < ReportLimits.shownFailures else { return }
        failures.append(
            Failure(
                title: String(test.title.prefix(Self.longestLine)),
                message: String(test.message.firstLine.prefix(Self.longestLine))))
    }
}
