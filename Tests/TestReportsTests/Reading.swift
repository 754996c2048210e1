import TestReports

/// Reads a report from memory, in pieces of a size.
func read(
    _ bytes: [UInt8], piece: Int = 1 << 16, hiding secrets: [String] = []
) -> (tests: [TestCase], problem: String?) {
    guard var reader = ReportReader.create(behind: Veil(hiding: secrets.map { Array($0.utf8) }))
    else { return ([], "no memory") }
    var tests: [TestCase] = []
    do throws(ReportProblem) {
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try reader.feed(bytes[start..<min(bytes.count, start + piece)])
            tests += reader.take()
        }
        try reader.finish()
        return (tests + reader.take(), nil)
    } catch {
        return (tests + reader.take(), error.description)
    }
}

func read(_ text: String, hiding secrets: [String] = []) -> (tests: [TestCase], problem: String?) {
    read(Array(text.utf8), hiding: secrets)
}

extension TestCase {
    /// All of it but the details, on one line.
    var line: String {
        var words = "\(outcome) \(title)"
        if let microseconds { words += " \(microseconds)" }
        if failedRuns > 0 { words += " again \(failedRuns)" }
        if !message.isEmpty { words += ": \(message)" }
        return words
    }
}
