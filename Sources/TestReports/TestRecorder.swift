import Attempts
import Glibc

/// Makes the record of one attempt's tests out of its reports. Nothing that has to stay hidden gets
/// past it, and it holds no more than is kept.
package struct TestRecorder {
    private static let piece = 256 << 10

    private let veil: Veil
    private var summary = TestSummary()
    private var cases: [UInt8] = []
    private var unkept = 0
    private var unsaid = 0
    private var bytesLeft = ReportLimits.totalBytes
    /// Whether it takes another report.
    package private(set) var hasRoom = true

    package init(behind veil: Veil) { self.veil = veil }

    /// Reads a report to its end; what stands before a mistake in it counts.
    package mutating func read(_ name: String, from file: Int32, bytes size: Int) {
        guard summary.files < ReportLimits.files else {
            say("there are more than \(ReportLimits.files) reports; the rest is not read")
            hasRoom = false
            return
        }
        guard size <= ReportLimits.fileBytes else {
            summary.files += 1
            return warn(
                name, "it is larger than \(ReportLimits.fileBytes >> 20) MiB and was not read")
        }
        guard size <= bytesLeft else {
            let most = ReportLimits.totalBytes >> 30
            say("there is more than \(most) GiB of reports; the rest is not read")
            hasRoom = false
            return
        }
        bytesLeft -= size
        summary.files += 1
        let before = summary.total
        guard var reader = ReportReader.create(behind: veil) else {
            return warn(name, "there is not enough memory to read it")
        }
        do throws(ReportProblem) {
            var buffer = [UInt8](repeating: 0, count: Self.piece)
            var isOver = false
            while !isOver {
                let count = unsafe Glibc.read(file, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else {
                    let reason = unsafe String(cString: strerror(errno))
                    return warn(name, "it cannot be read: \(reason)")
                }
                isOver = count == 0
                if isOver { try reader.finish() } else { try reader.feed(buffer[..<count]) }
                guard take(reader.take()) else { return }
            }
        } catch {
            // What the reader says holds no words of the report but hidden ones.
            _ = take(reader.take())
            let rest = summary.total > before ? "; the tests before it are counted" : ""
            say("\(veil.hide(BoundedText(name))):\(error)\(rest)")
        }
    }

    /// A sentence about one file, whose name nobody has chosen but whoever wrote it.
    package mutating func warn(_ name: String, _ problem: String) {
        say("\(veil.hide(BoundedText(name))): \(problem)")
    }

    /// A sentence for people.
    package mutating func say(_ sentence: String) {
        if summary.warnings.count < ReportLimits.sentences {
            summary.warnings.append(sentence)
        } else {
            unsaid += 1
        }
    }

    package consuming func record() -> [UInt8] {
        if unkept > 0 {
            summary.warnings.append("\(unkept) tests are counted, and too many to be kept")
        }
        if unsaid > 0 { summary.warnings.append("and \(unsaid) more like these") }
        if veil.hidesEverything, summary.total > 0 {
            summary.warnings.append(
                "names and messages of the tests are not kept: a secret that they may hold is not "
                    + "known here any more")
            summary.failures = []
        }
        var fields = Fields()
        fields.add("summary", summary.fields)
        return fields.bytes + cases
    }

    /// False if there are more than anybody believes.
    private mutating func take(_ tests: [TestCase]) -> Bool {
        for test in tests {
            guard summary.total < ReportLimits.cases else {
                say("there are more than \(ReportLimits.cases) tests; the rest is not counted")
                hasRoom = false
                return false
            }
            summary.count(test)
            guard !veil.hidesEverything else { continue }
            var fields = Fields()
            fields.add("case", test.fields)
            let bytes = fields.bytes
            if cases.count + bytes.count <= ReportLimits.keptBytes {
                cases += bytes
            } else {
                unkept += 1
            }
        }
        return true
    }
}
