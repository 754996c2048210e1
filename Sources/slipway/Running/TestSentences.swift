import Attempts
import Engine
import JSON
import Pipelines
import TestReports

/// What an attempt's test reports told, for those who watch it run.
extension TestSummary {
    /// The first line, and what belongs below it.
    var sentences: (first: String, rest: [String]) {
        var rest = failures.map { failure in
            let message = failure.message.isEmpty ? "" : ": \(failure.message)"
            return "failed: " + Report.visible(failure.title + message)
        }
        if failed > failures.count, !failures.isEmpty {
            rest.append("and \(failed - failures.count) more")
        }
        var warnings = warnings.map { Report.visible($0) }
        // Without a report there is nothing to count.
        if files == 0, !warnings.isEmpty { return (warnings.removeFirst(), warnings) }
        return (sentence, rest + warnings)
    }

    /// What an attempt has left; nothing where there is nothing to tell.
    static func of(
        _ folder: AttemptFolder, after end: AttemptEnd, wasAsked: Bool
    ) -> TestSummary? {
        if let summary = TestRecordFile.summary(in: folder) { return summary }
        guard wasAsked else { return nil }
        switch end {
        case .succeeded, .failed(.failed, _):
            var summary = TestSummary()
            summary.warnings = ["what its test reports told could not be kept"]
            return summary
        case .failed, .stopped: return nil
        }
    }

    var members: [(String, JSON)] {
        [
            ("total", .int(total)), ("failed", .int(failed)), ("skipped", .int(skipped)),
            ("flaky", .int(flaky)),
            (
                "failures",
                .array(
                    failures.map {
                        ["name": .string($0.title), "message": .string($0.message)]
                    })
            ),
            ("warnings", .array(warnings.map { .string($0) })),
        ]
    }
}
