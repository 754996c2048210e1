import TestReports
import Testing

@Suite("A hostile report") struct HostileTests {
    @Test(
        "is refused with its place and the reason",
        arguments: [
            (
                "<!DOCTYPE t [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><testsuite name='&b;'/>",
                "1:13: a document type is declared here, and reports that declare one are not "
                    + "read; leave '<!DOCTYPE' out"
            ),
            (
                "<?xml version='1.0'?>\n<!DOCTYPE t SYSTEM 'file:///etc/passwd'><testsuite/>",
                "2:40: a document type is declared here, and reports that declare one are not "
                    + "read; leave '<!DOCTYPE' out"
            ),
            ("", "1:1: the file is empty; its tool may have been ended early"),
            (" \n", "2:1: the file is empty; its tool may have been ended early"),
            ("ok 1 - adds\n", "1:1: this is not XML"),
            (
                "<html><body/></html>",
                "1:1: this is no JUnit report: it begins with 'html'; one begins with "
                    + "'testsuites' or 'testsuite'"
            ),
            ("<testsuite>", "1:12: the file ends in the middle: 'testsuite' is not closed"),
            (
                "<testsuite>\n  <testcase name='a'>\n<failure>no",
                "3:12: the file ends in the middle: 'failure' is not closed"
            ),
            (
                "<testsuite><testcase name='a",
                "1:12: the file ends in the middle: 'testsuite' is not closed"
            ),
            ("<testsuite><s3cr3t>", "1:20: the file ends in the middle: a tag is not closed"),
            ("<testsuite></testcase>", "1:14: a tag is closed that was not opened here"),
            (
                "<testsuite>&nbsp;</testsuite>",
                "1:12: an entity that is not XML's own; there are &lt; &gt; &amp; &quot; and &apos;"
            ),
            (
                "<testsuite>\u{1B}[31m</testsuite>",
                "1:12: a control character, number 27, which XML does not allow"
            ),
            (
                "<testsuite>&#0;</testsuite>",
                "1:12: a reference to a character that XML does not allow"
            ),
            ("<testsuite a='1' a='2'/>", "1:18: an attribute stands twice in one tag"),
            (
                "<testsuite/><testsuite/>",
                "1:13: something stands after the end of the report; two reports in one file?"
            ),
            (
                "<?xml version='1.0' encoding='EBCDIC-CP-US'?><testsuite/>",
                "1:31: its encoding is not known here; write it as UTF-8, UTF-16 or ISO-8859-1"
            ),
        ])
    func refused(report: String, problem: String) {
        let (tests, said) = read(report)
        #expect(said == problem)
        #expect(tests.isEmpty)
    }

    @Test func `with bytes that are no text is refused where they stand`() {
        let bytes = Array("<testsuite>\n<testcase name='".utf8) + [0xC3, 0x28] + Array("'/>".utf8)
        #expect(read(bytes).problem == "2:17: bytes that are no character of the file's encoding")
    }

    @Test func `gives what stood before the mistake`() {
        let (tests, problem) = read("<testsuite><testcase name='a'/><testcase name='b'></x>")
        #expect(tests.map(\.name) == ["a"])
        #expect(problem?.contains("not opened here") == true)
    }

    @Test func `is not followed into any depth`() {
        let deep = String(repeating: "<testsuite>", count: 100_000)
        #expect(read(deep).problem == "1:705: more than 64 elements in one another")
    }

    @Test func `has one tag of many megabytes`() {
        let pad = String(repeating: "x", count: 5 << 20)
        let (_, problem) = read("<testsuite name='\(pad)")
        #expect(problem == "1:1: a tag or comment is longer than 4 MiB")
        #expect(read("<testsuite><!-- \(pad) --></testsuite>").problem?.hasSuffix("4 MiB") == true)
    }

    @Test func `has texts that are cut where a character ends`() {
        let long = String(repeating: "é", count: 100_000)
        let (tests, problem) = read(
            "<testsuite><testcase name='x\(long)' classname='\(long)'>"
                + "<failure message='\(long)'>\(long)</failure></testcase></testsuite>")
        #expect(problem == nil)
        let test = tests.first
        #expect(test?.name.utf8.count == 1_023 + "…".utf8.count)
        #expect(test?.group.utf8.count == 1_024 + "…".utf8.count)
        #expect(test?.message.utf8.count == 4_096 + "…".utf8.count)
        #expect(test?.details.utf8.count == 16_384 + "…".utf8.count)
        #expect(test?.name.dropFirst().dropLast().allSatisfy { $0 == "é" } == true)
    }

    @Test func `has a tag with more attributes than are looked at`() {
        let many = (0..<10_000).map { "a\($0)='x'" }.joined(separator: " ")
        let (tests, problem) = read("<testsuite><testcase \(many) name='a'/></testsuite>")
        #expect(problem == nil)
        #expect(tests.map(\.name) == [""])
    }

    @Test("is damaged in any way, and is read or refused", arguments: Sample.all)
    func damaged(sample: Sample) {
        // The same numbers in every run: a failure can be found again.
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(below limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        let whole = Array(sample.report.utf8)
        let most = read(whole).tests.count
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0...next(below: 4) {
                let place = next(below: bytes.count)
                switch next(below: 3) {
                case 0: bytes[place] = UInt8(next(below: 256))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + next(below: 9)))
                default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
                }
            }
            #expect(read(bytes, piece: 1 + next(below: 99)).tests.count <= most + 5)
        }
    }

    @Test func `has tests where none can be, and they are no tests`() {
        let (tests, _) = read(
            "<testsuite><properties><testcase name='a'/></properties><testcase name='b'>"
                + "<testcase name='c'><failure/></testcase></testcase></testsuite>")
        #expect(tests.map(\.line) == ["passed b"])
    }
}

@Suite("Secrets in a report") struct VeilTests {
    private static let secret = "s3cr3t-value"

    @Test func `are hidden in every text`() {
        let s = Self.secret
        let (tests, _) = read(
            "<testsuite name='\(s)'><testcase name='n \(s)' classname='\(s)' file='/\(s)/a.c'>"
                + "<failure message='was \(s)!'>at \(s)\n</failure></testcase>"
                + "<testcase name='b'><error type='\(s)'/></testcase></testsuite>",
            hiding: [s])
        #expect("\(tests)".contains(s) == false)
        #expect(tests.map(\.line) == ["failed *** n ***: was ***!", "error *** b: ***"])
        #expect(tests.first?.file == "/***/a.c")
        #expect(tests.first?.details == "at ***\n")
    }

    @Test func `are hidden where the report writes them as entities`() {
        let (tests, _) = read(
            "<testsuite><testcase name='s3&#99;r3t-value &lt;'/></testsuite>", hiding: [Self.secret]
        )
        #expect(tests.map(\.name) == ["*** <"])
    }

    @Test("are not given away where a text is cut", arguments: 0...13)
    func cut(shift: Int) {
        let pad = String(repeating: "x", count: 1_024 - shift)
        let (tests, _) = read(
            "<testsuite><testcase name='\(pad)\(Self.secret)\(pad)'/></testsuite>",
            hiding: [Self.secret])
        let name = tests.first?.name ?? ""
        #expect(name.hasPrefix("xxx") && name.hasSuffix("…"))
        #expect(!name.contains("s3"))
    }

    @Test func `are hidden in what is said of a report`() {
        let (_, problem) = read("<s3cr3t-value/>", hiding: [Self.secret])
        #expect(problem?.contains("it begins with '***'") == true)
    }

    @Test func `take every text with them where they are not known`() {
        #expect(Veil.everything.hide(BoundedText("anything")) == "***")
        #expect(Veil.everything.hide(BoundedText("")) == "")
    }
}
