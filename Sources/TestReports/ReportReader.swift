/// Reads one JUnit report piece by piece, as its many writers write it. What its attributes say of
/// how many tests there are is not believed: the tests are counted by whoever takes them.
package struct ReportReader: ~Copyable {
    private var xml: XMLReader
    private let handler: ReportHandler

    /// Nothing where there is no memory for it.
    package static func create(behind veil: Veil) -> ReportReader? {
        let handler = ReportHandler(veil)
        guard let xml = XMLReader.create(for: handler) else { return nil }
        return ReportReader(xml, handler)
    }

    private init(_ xml: consuming XMLReader, _ handler: ReportHandler) {
        self.xml = xml
        self.handler = handler
    }

    package mutating func feed(_ bytes: ArraySlice<UInt8>) throws(ReportProblem) {
        try xml.feed(bytes)
    }

    package mutating func finish() throws(ReportProblem) { try xml.finish() }

    /// The tests that have been read whole since this was asked last.
    package func take() -> [TestCase] {
        defer { handler.cases = [] }
        return handler.cases
    }
}

/// Where in a report the parser is, and what it has seen of the test there.
private final class ReportHandler: XMLHandler {
    private enum Element {
        case suites
        case suite(name: String)
        case test
        /// What the outcome of a test is told by; its text belongs to the test.
        case outcome
        case other
    }

    var cases: [TestCase] = []
    private let veil: Veil
    private var path: [Element] = []
    private var test = TestCase()
    private var message = BoundedText()
    private var type = BoundedText()
    private var details = BoundedText()
    /// How often it failed before it was run again, whatever came of that.
    private var repeats = 0

    init(_ veil: Veil) { self.veil = veil }

    func begin(
        _ name: String, _ attributes: [(name: String, value: BoundedText)]
    ) throws(XMLRefusal) {
        let attribute = { (name: String) in attributes.first { $0.name == name }?.value }
        switch (path.last, name) {
        case (nil, "testsuites"), (.suites, "testsuites"): path.append(.suites)
        case (nil, "testsuite"), (.suites, "testsuite"), (.suite, "testsuite"):
            path.append(.suite(name: attribute("name").map(veil.hide) ?? ""))
        case (nil, _):
            let shown = veil.hide(BoundedText(name, atMost: 64))
            throw XMLRefusal(
                "this is no JUnit report: it begins with '\(shown)'",
                hint: "one begins with 'testsuites' or 'testsuite'")
        case (.suites, "testcase"), (.suite, "testcase"):
            path.append(.test)
            begin(attribute)
        case (.test, _): path.append(outcome(name, attribute) ? .outcome : .other)
        case (.outcome, "stackTrace"): path.append(.outcome)
        default: path.append(.other)
        }
    }

    func text(_ bytes: ArraySlice<UInt8>) {
        guard case .outcome = path.last else { return }
        details.append(bytes, ReportLimits.detailBytes)
    }

    func end() {
        if case .test = path.removeLast() { finish() }
    }

    private func begin(_ attribute: (String) -> BoundedText?) {
        test = TestCase()
        (message, type, details, repeats) = (.init(), .init(), .init(), 0)
        for case .suite(let name) in path.reversed() where !name.isEmpty {
            test.suite = name
            break
        }
        test.name = attribute("name").map(veil.hide) ?? ""
        test.group = attribute("classname").map(veil.hide) ?? ""
        if test.group.isEmpty { test.group = test.suite }
        test.file = attribute("file").map(veil.hide) ?? ""
        test.microseconds = attribute("time").flatMap {
            ReportTime.microseconds(String(decoding: $0.bytes, as: UTF8.self))
        }
        // GoogleTest says in attributes that a test was not run.
        let words = ["status", "result"].compactMap { attribute($0)?.bytes }
        let idle = ["notrun", "skipped", "disabled", "suppressed"].map { Array($0.utf8) }
        if words.contains(where: idle.contains) { test.outcome = .skipped }
    }

    /// Takes note of what an element in a test says; whether it says anything.
    private func outcome(_ name: String, _ attribute: (String) -> BoundedText?) -> Bool {
        switch name {
        case "failure": return fail(.failed, attribute)
        case "error": return fail(.error, attribute)
        case "skipped":
            guard !test.outcome.isFailure else { return false }
            test.outcome = .skipped
            return take(attribute)
        case "flakyFailure", "flakyError", "rerunFailure", "rerunError":
            repeats = min(repeats + 1, ReportLimits.failedRuns)
            if name.hasPrefix("rerun"), !test.outcome.isFailure { test.outcome = .failed }
            return take(attribute)
        default: return false
        }
    }

    private func fail(_ outcome: TestCase.Outcome, _ attribute: (String) -> BoundedText?) -> Bool {
        // A test that failed and then broke in its clean-up has failed.
        if !test.outcome.isFailure { test.outcome = outcome }
        return take(attribute)
    }

    /// The first words that are there count: they tell what went wrong first.
    private func take(_ attribute: (String) -> BoundedText?) -> Bool {
        if message.isBlank, let text = attribute("message") { message = text }
        if type.isBlank, let text = attribute("type") { type = text }
        return true
    }

    private func finish() {
        test.details = details.isBlank ? "" : veil.hide(details)
        test.message = message.isBlank ? "" : veil.hide(message)
        if test.message.isEmpty { test.message = test.details.firstLine }
        if test.message.isEmpty { test.message = veil.hide(type) }
        test.failedRuns = repeats
        cases.append(test)
    }
}

extension String {
    /// The first line with anything on it, without the blanks around it.
    package var firstLine: String {
        let lines = split(whereSeparator: \.isNewline)
        let line = lines.first { line in line.contains { !$0.isWhitespace } } ?? ""
        var trimmed = line.drop { $0.isWhitespace }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        return String(trimmed)
    }
}
