package import Attempts

/// The tests of one attempt, as they are kept: the summary first, so that who shows a line need
/// not read the rest.
package struct TestRecord: Hashable, Sendable {
    package let summary: TestSummary
    package let cases: [TestCase]

    package init(summary: TestSummary, cases: [TestCase]) {
        self.summary = summary
        self.cases = cases
    }

    package init(_ bytes: [UInt8]) throws(FieldError) {
        let fields = try Fields(parsing: bytes)
        guard let first = try fields.parts("summary").first else {
            throw FieldError("'summary' is missing")
        }
        summary = try TestSummary(first)
        var cases: [TestCase] = []
        for part in try fields.parts("case") { cases.append(try TestCase(part)) }
        self.cases = cases
    }
}

extension TestSummary {
    var fields: Fields {
        var fields = Fields()
        fields.add("total", total)
        fields.add("failed", failed)
        fields.add("skipped", skipped)
        fields.add("flaky", flaky)
        fields.add("files", files)
        fields.add("microseconds", microseconds)
        for failure in failures {
            var part = Fields()
            part.add("title", failure.title)
            part.add("message", failure.message)
            fields.add("failure", part)
        }
        for warning in warnings { fields.add("warning", warning) }
        return fields
    }

    init(_ fields: Fields) throws(FieldError) {
        total = try fields.number("total")
        failed = try fields.number("failed")
        skipped = try fields.number("skipped")
        flaky = try fields.number("flaky")
        files = try fields.number("files")
        microseconds = try fields.number("microseconds")
        for part in try fields.parts("failure") {
            failures.append(
                Failure(title: try part.text("title"), message: try part.text("message")))
        }
        warnings = fields.texts("warning")
    }
}

extension TestCase {
    /// What is empty, or as it is with most tests, is left out.
    var fields: Fields {
        var fields = Fields()
        let texts = [
            ("suite", suite == group ? "" : suite), ("group", group), ("name", name),
            ("file", file), ("message", message), ("details", details),
        ]
        for (name, text) in texts where !text.isEmpty { fields.add(name, text) }
        if outcome != .passed { fields.add("outcome", outcome.rawValue) }
        fields.add("microseconds", microseconds)
        if failedRuns > 0 { fields.add("failed-runs", failedRuns) }
        return fields
    }

    init(_ fields: Fields) throws(FieldError) {
        for entry in fields.entries {
            let text = String(decoding: entry.value, as: UTF8.self)
            switch entry.name {
            case "suite": suite = text
            case "group": group = text
            case "name": name = text
            case "file": file = text
            case "message": message = text
            case "details": details = text
            case "outcome":
                guard let outcome = Outcome(rawValue: text) else {
                    throw FieldError("'\(text)' is no outcome of a test")
                }
                self.outcome = outcome
            case "microseconds": microseconds = try fields.number(entry.name)
            case "failed-runs": failedRuns = try fields.number(entry.name)
            default: continue
            }
        }
        if suite.isEmpty { suite = group }
    }
}
