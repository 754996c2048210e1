import JSON
import Pipelines
import Store
import TestReports
import Zones

/// Tests on the terminal, or as one JSON object a line. Records are taken one after the other, and
/// only what is shown of them is held.
struct TestsView {
    private struct Line {
        let attempt: History.Attempt
        let summary: TestSummary
        let failures: [TestCase]
        let flaky: [TestCase]
        let slowest: [TestCase]

        var isRetriedBy: (History.Attempt) -> Bool {
            { other in
                other.stage == attempt.stage && other.job == attempt.job
                    && (other.visit, other.number) > (attempt.visit, attempt.number)
            }
        }
    }

    /// Of one attempt, where nobody has asked for all.
    private static let mostFailures = 20

    private let isJSON: Bool
    private let onlyFailed: Bool
    private let slowest: Int
    private var lines: [Line] = []

    init(isJSON: Bool, onlyFailed: Bool = false, slowest: Int = 0) {
        self.isJSON = isJSON
        self.onlyFailed = onlyFailed
        self.slowest = slowest
    }

    mutating func take(_ record: TestRecord, of attempt: History.Attempt) {
        lines.append(
            Line(
                attempt: attempt, summary: record.summary,
                failures: record.cases.filter(\.outcome.isFailure),
                flaky: record.cases.filter(\.isFlaky),
                slowest: onlyFailed ? [] : SlowTests.slowest(of: record.cases, atMost: slowest)))
    }

    func show(_ execution: String) {
        if isJSON { return lines.forEach { Output.print(json(of: $0, execution).text + "\n") } }
        guard !lines.isEmpty else {
            return Output.print("\(execution) has no test reports\n")
        }
        if onlyFailed {
            if lines.allSatisfy(\.failures.isEmpty) { Output.print("no test failed\n") }
            return showFailures(withDetails: true)
        }
        for line in lines {
            let (first, rest) = line.summary.heading
            let time = line.summary.files > 0 ? "  \(TestTime.text(line.summary.microseconds))" : ""
            Output.print("\(line.attempt.title)  \(first)\(time)\n")
            for sentence in rest { Output.print("  \(sentence)\n") }
        }
        if lines.contains(where: { !$0.failures.isEmpty }) {
            Output.print("\nfailed:\n")
            showFailures(withDetails: false)
        }
        showFlaky()
        showSlowest()
    }

    private func showFailures(withDetails: Bool) {
        for line in lines {
            let most = withDetails ? Int.max : Self.mostFailures
            for test in line.failures.prefix(most) {
                let place = test.file.isEmpty ? "" : "  in \(test.file)"
                Output.print(Report.visible("\(line.attempt.title)  \(test.title)\(place)") + "\n")
                let text = test.message + (withDetails ? "\n" + test.newDetails : "")
                let shown = text.split(whereSeparator: \.isNewline)
                for line in withDetails ? shown[...] : shown.prefix(1) {
                    Output.print("  \(Report.visible(String(line)))\n")
                }
            }
            if line.failures.count > most {
                Output.print("and \(line.failures.count - most) more: --failed shows them all\n")
            }
        }
    }

    private func showFlaky() {
        let flaky = lines.flatMap { line in line.flaky.map { (line.attempt.title, $0) } }
        guard !flaky.isEmpty else { return }
        Output.print("\nflaky:\n")
        for (title, test) in flaky {
            let times = test.failedRuns == 1 ? "once" : "\(test.failedRuns) times"
            Output.print(
                Report.visible("\(title)  \(test.title)  passed after it had failed \(times)")
                    + "\n")
        }
    }

    /// What an action's last attempt took: those before it ran the same tests.
    private func showSlowest() {
        let last = lines.filter { line in !lines.map(\.attempt).contains(where: line.isRetriedBy) }
        let all = last.flatMap { line in line.slowest.map { (line.attempt.title, $0) } }
            .sorted { ($0.1.microseconds ?? 0) > ($1.1.microseconds ?? 0) }
        guard !all.isEmpty else { return }
        Output.print("\nslowest:\n")
        for (title, test) in all.prefix(slowest) {
            let time = TestTime.text(test.microseconds ?? 0)
            Output.print(Report.visible("\(time)  \(title)  \(test.title)") + "\n")
        }
    }

    private func json(of line: Line, _ execution: String) -> JSON {
        let attempt = line.attempt
        var members: [(String, JSON)] = [
            ("execution", .string(execution)), ("stage", .string(attempt.stage)),
            ("action", .string(attempt.job)), ("visit", .int(attempt.visit)),
            ("attempt", .int(attempt.number)), ("total", .int(line.summary.total)),
            ("failed", .int(line.summary.failed)), ("skipped", .int(line.summary.skipped)),
            ("flaky", .int(line.summary.flaky)),
            ("milliseconds", .int(line.summary.microseconds / 1_000)),
            ("failures", .array(line.failures.map(\.json))),
        ]
        if !onlyFailed { members.append(("slowest", .array(line.slowest.map(\.json)))) }
        members.append(("warnings", .array(line.summary.warnings.map { .string($0) })))
        return .object(members.map { JSON.Member($0.0, $0.1) })
    }
}

extension TestsView {
    func show(_ found: FlakyHistory.Found, of pipeline: String) {
        let tests = found.search.found
        if !isJSON, tests.isEmpty {
            let count = Output.count(found.executions, "execution")
            Output.print("no flaky tests in \(count) of \(pipeline) with test reports\n")
        }
        for test in tests { Output.print((isJSON ? test.json.text : test.sentence) + "\n") }
    }
}

extension TestSummary {
    /// Its counts and what has to be known of the reports; failures stand elsewhere.
    fileprivate var heading: (first: String, rest: [String]) {
        var plain = self
        plain.failures = []
        return plain.sentences
    }
}

extension TestCase {
    /// What it printed, without the message where that stands at its beginning, too.
    fileprivate var newDetails: String {
        details.hasPrefix(message) ? String(details.dropFirst(message.count)) : details
    }

    fileprivate var json: JSON {
        [
            "suite": .string(suite), "class": .string(group), "name": .string(name),
            "file": .string(file), "outcome": .string(outcome.rawValue),
            "message": .string(message), "details": .string(details),
            "milliseconds": microseconds.map { .int($0 / 1_000) } ?? .null,
        ]
    }
}

extension FlakyTest {
    fileprivate var sentence: String {
        let percent = Int((failureRate * 100).rounded())
        let time = Timestamp.text(milliseconds: Int64(seen.at))
        return Report.visible(
            "\(action)  \(title)  flaky at \(flakyRevisions) of "
                + "\(Output.count(revisions, "revision")), failed \(failures) of \(runs) runs "
                + "(\(percent)%), last in \(seen.execution) at \(time)")
    }

    fileprivate var json: JSON {
        [
            "action": .string(action), "name": .string(title),
            "flaky-revisions": .int(flakyRevisions), "revisions": .int(revisions),
            "runs": .int(runs), "failures": .int(failures),
            "failure-percent": .int(Int((failureRate * 100).rounded())),
            "last-execution": .string(seen.execution),
            "last-seen": .string(Timestamp.text(milliseconds: Int64(seen.at))),
        ]
    }
}
