import Attempts
import Glibc
import Support
import TestReports
import Testing

@Suite("The record of an attempt's tests") struct RecordTests {
    private let folder: Folder
    private let attempt: AttemptFolder

    init() throws {
        folder = try Folder()
        attempt = AttemptFolder(folder.path)
    }

    private func recorded(
        _ reports: [(String, String)], behind veil: Veil = Veil(hiding: [])
    ) throws -> TestRecord {
        var recorder = TestRecorder(behind: veil)
        for (name, text) in reports {
            try folder.write(text, to: "report.xml")
            let file = unsafe open(folder.file("report.xml"), O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            recorder.read(name, from: file, bytes: text.utf8.count)
        }
        #expect(TestRecordFile.write(recorder.record(), in: attempt) == nil)
        return try #require(TestRecordFile.read(in: attempt))
    }

    @Test func `has the tests of all its reports`() throws {
        let record = try recorded(Sample.all.map { ("\($0.tool).xml", $0.report) })
        #expect(record.cases.map(\.line) == Sample.all.flatMap(\.tests))
        #expect(record.cases == Sample.all.flatMap { read($0.report).tests })
        #expect(record.summary.files == Sample.all.count)
        #expect(record.summary.sentence == "25 tests, 10 failed, 6 skipped, 2 flaky")
    }

    @Test func `gives its summary without the rest`() throws {
        let many = (0..<50_000).map { "<testcase name='t\($0)' classname='c'/>" }.joined()
        let record = try recorded([("a.xml", "<testsuite>\(many)</testsuite>")])
        #expect(record.cases.count == 50_000)
        #expect(TestRecordFile.summary(in: attempt) == record.summary)
        #expect(record.summary.sentence == "50000 tests")
    }

    @Test func `names the first failures with the first line of what they said`() throws {
        let tests = (1...7).map {
            "<testcase name='t\($0)'><failure message='\nno \($0)&#10;more'/></testcase>"
        }
        let record = try recorded([("a.xml", "<testsuite>\(tests.joined())</testsuite>")])
        #expect(record.summary.failed == 7)
        #expect(record.summary.failures.map(\.title) == ["t1", "t2", "t3", "t4", "t5"])
        #expect(record.summary.failures.first?.message == "no 1")
    }

    @Test func `tells of a report that cannot be read, and counts what stood before`() throws {
        let record = try recorded([
            ("bad.xml", "<testsuite><testcase name='a'/>"), ("good.xml", "<testsuite/>"),
            ("no.xml", "nothing"),
        ])
        #expect(record.summary.total == 1)
        #expect(
            record.summary.warnings == [
                "bad.xml:1:32: the file ends in the middle: 'testsuite' is not closed"
                    + "; the tests before it are counted",
                "no.xml:1:1: this is not XML",
            ])
    }

    @Test func `stops believing after so many tests, and says so`() throws {
        let many = String(repeating: "<testcase/>", count: ReportLimits.cases + 5)
        let record = try recorded([("a.xml", "<testsuite>\(many)</testsuite>")])
        #expect(record.summary.total == ReportLimits.cases)
        #expect(
            record.summary.warnings == ["there are more than 200000 tests; the rest is not counted"]
        )
    }

    @Test func `keeps no more than it may, and counts the rest`() throws {
        let text = String(repeating: "x", count: 1_000)
        let one = "<testcase classname='\(text)' name='\(text)'/>"
        let many = String(repeating: one, count: 30_000)
        let record = try recorded([("a.xml", "<testsuite>\(many)</testsuite>")])
        #expect(record.summary.total == 30_000)
        #expect(record.cases.count > 15_000 && record.cases.count < 17_000)
        #expect(
            record.summary.warnings == [
                "\(30_000 - record.cases.count) tests are counted, and too many to be kept"
            ])
    }

    @Test func `does not read what is larger than any report`() throws {
        var recorder = TestRecorder(behind: Veil(hiding: []))
        recorder.read("huge.xml", from: -1, bytes: ReportLimits.fileBytes + 1)
        let record = try TestRecord(recorder.record())
        #expect(record.summary.warnings == ["huge.xml: it is larger than 64 MiB and was not read"])
    }

    @Test func `reads no more than so much of all reports together`() throws {
        var recorder = TestRecorder(behind: Veil(hiding: []))
        let empty = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(empty) }
        for number in 1...17 where recorder.hasRoom {
            recorder.read("\(number).xml", from: empty, bytes: ReportLimits.fileBytes)
        }
        let record = try TestRecord(recorder.record())
        #expect(record.summary.files == 16)
        #expect(
            record.summary.warnings.last
                == "there is more than 1 GiB of reports; the rest is not read")
    }

    @Test func `says no more than people read`() throws {
        var recorder = TestRecorder(behind: Veil(hiding: []))
        for number in 1...100 { recorder.warn("\(number).xml", "it is a link, and no file") }
        let record = try TestRecord(recorder.record())
        #expect(record.summary.warnings.count == 21)
        #expect(record.summary.warnings.last == "and 80 more like these")
    }

    @Test func `has counts alone where its secrets are not known`() throws {
        let record = try recorded([("a.xml", Sample.all[0].report)], behind: .everything)
        #expect(record.summary.sentence == "5 tests, 2 failed, 1 skipped, 1 flaky")
        #expect(record.cases.isEmpty && record.summary.failures.isEmpty)
        #expect(record.summary.warnings.first?.hasPrefix("names and messages") == true)
    }

    @Test func `that is damaged is none`() throws {
        _ = try recorded([("a.xml", Sample.all[0].report)])
        let text = try folder.text(of: "tests")
        try folder.write(String(text.dropLast(5)), to: "tests")
        #expect(TestRecordFile.read(in: attempt) == nil)
        #expect(TestRecordFile.summary(in: attempt)?.total == 5)
        try folder.write("summary 99999999999\n", to: "tests")
        #expect(TestRecordFile.summary(in: attempt) == nil)
    }
}
