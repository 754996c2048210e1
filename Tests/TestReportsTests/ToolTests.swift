import TestReports
import Testing

@Suite("A report") struct ToolTests {
    @Test("is read as the tool meant it", arguments: Sample.all)
    func tools(sample: Sample) {
        let (tests, problem) = read(sample.report)
        #expect(problem == nil)
        #expect(tests.map(\.line) == sample.tests)
    }

    @Test("is the same in pieces of any size", arguments: [1, 2, 3, 7, 64])
    func pieces(size: Int) {
        for sample in Sample.all {
            let bytes = Array(sample.report.utf8)
            #expect(read(bytes, piece: size).tests == read(bytes).tests, "\(sample)")
        }
    }

    @Test func `counts its tests and does not believe its attributes`() {
        let (tests, _) = read(
            "<testsuite tests='1000000' failures='0' errors='-3'><testcase name='a'/>"
                + "<testcase name='b'><failure/></testcase></testsuite>")
        #expect(tests.map(\.outcome) == [.passed, .failed])
    }

    @Test func `keeps what a failure printed, and no other output`() {
        let (tests, _) = read(
            "<testsuite><testcase name='a'><system-out>noise</system-out>"
                + "<failure type='E'><![CDATA[  \n  first <line>\n  second]]></failure>"
                + "<system-err>noise</system-err></testcase></testsuite>")
        #expect(tests.first?.message == "first <line>")
        #expect(tests.first?.details == "  \n  first <line>\n  second")
    }

    @Test func `tells which suite a test is of, however deep that is`() {
        let (tests, _) = read(
            "<testsuites><testsuite name='outer'><testsuite name=''><testsuite name='inner'>"
                + "<testcase name='a' file='a.c'/></testsuite><testcase name='b'/></testsuite>"
                + "</testsuite><testcase name='c'/></testsuites>")
        #expect(tests.map(\.suite) == ["inner", "outer", ""])
        #expect(tests.map(\.title) == ["inner a", "outer b", "c"])
        #expect(tests.map(\.file) == ["a.c", "", ""])
    }

    @Test(
        "is read in the encodings that libexpat knows",
        arguments: [
            Array("<?xml version='1.0' encoding='ISO-8859-1'?>".utf8)
                + Array("<testsuite><testcase name='".utf8) + [0xFC]
                + Array("'/></testsuite>".utf8),
            [0xEF, 0xBB, 0xBF] + Array("<testsuite><testcase name='ü'/></testsuite>".utf8),
            [0xFF, 0xFE]
                + "<testsuite><testcase name='ü'/></testsuite>".utf16
                .flatMap { (unit: UInt16) -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] },
        ] as [[UInt8]])
    func encodings(bytes: [UInt8]) {
        #expect(read(bytes).problem == nil)
        #expect(read(bytes).tests.map(\.name) == ["ü"])
    }

    @Test(
        "says how long a test took in many ways",
        arguments: [
            ("0.25", 250_000), ("0.", 0), (".5", 500_000), ("1.2e-05", 12), ("0,123", 123_000),
            ("1,234.5", 1_234_500_000), ("1.234,5", 1_234_500_000), ("1,234,567", nil),
            ("12,345,6", 123_456_000_000), ("2s", 2_000_000), (" 3 ", 3_000_000), ("", nil),
            ("-1", nil), ("nan", nil), ("inf", nil), ("1e999", nil), ("0x10", nil), ("1 h", nil),
            ("--", nil), ("٣", nil),
        ] as [(String, Int?)])
    func times(text: String, microseconds: Int?) {
        let (tests, problem) = read("<testsuite><testcase time='\(text)'/></testsuite>")
        #expect(problem == nil)
        #expect(tests.map(\.microseconds) == [microseconds])
    }
}
