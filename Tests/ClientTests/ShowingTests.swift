import Client
import Testing

@Suite("How answers are shown") struct ShowingTests {
    private static let hostile = "a\u{1B}[31m\u{9B}2J\u{202E}b\u{7}\n"
    private static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            ![.control, .format].contains(scalar.properties.generalCategory)
        }
    }

    @Test(
        "times are told as people tell them",
        arguments: [
            (0, "just now"), (1, "just now"), (-1, "just now"), (59, "59 s ago"),
            (60, "1 min ago"), (3_599, "59 min ago"), (7_200, "2 h ago"), (86_400, "1 day ago"),
            (200_000, "2 days ago"), (-90, "in 1 min"), (-400_000, "in 4 days"),
        ])
    func ago(seconds: Int, told: String) {
        let now = Instant(milliseconds: 1_800_000_000_000)
        let then = Instant(milliseconds: now.milliseconds - Int64(seconds) * 1_000)
        #expect(Ago.text(then, now: now) == told)
    }

    @Test(
        "a time is read exactly, or not at all",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T10:15:30.123Z", 1_795_256_130_123),
            ("2026-11-21T10:15:30.5Z", 1_795_256_130_500),
            ("2026-11-21T10:15:30.123456Z", 1_795_256_130_123), ("2026-11-21T10:15:30", nil),
            ("2026-11-21", nil), ("2026-13-21T10:15:30Z", nil), ("2026-11-21T24:00:00Z", nil),
            ("2026-11-21T10:15:30+01:00", nil), ("-026-11-21T10:15:30Z", nil), ("", nil),
            ("2026-11-21T10:15:30.Z", nil), ("2026-11-21T1०:15:30Z", nil),
        ] as [(String, Int64?)])
    func instant(text: String, milliseconds: Int64?) {
        #expect(Instant(text)?.milliseconds == milliseconds)
    }

    @Test func `a table stands in columns, whatever letters are in it`() {
        var table = Table("NAME", "STATUS", "NOTE")
        table.add("shop", Table.Cell("failed", .bad), "why")
        table.add("日本", "succeeded", "")
        table.add("é", "ok", "x")
        let text = """
            NAME  STATUS     NOTE
            shop  failed     why
            日本  succeeded
            é     ok         x

            """
        #expect(table.text() == text)
        #expect(table.text(width: 80) == text)
        let painted = table.text(isPainted: true)
        #expect(painted.contains("\u{1B}[31mfailed\u{1B}[0m   "))
        #expect(Table("A").text() == "")
    }

    @Test func `a table is cut to the width of its terminal where it is widest`() {
        var table = Table("A", "B")
        table.add("0123456789", "short")
        table.add(Table.Cell(String(repeating: "長", count: 20)), "x")
        #expect(
            table.text(width: 20) == "A              B\n0123456789     short\n長長長長長長…  x\n")
        // Less than can be read is not worth cutting for.
        #expect(table.text(width: 3).split(separator: "\n")[1] == "0123456…  short")
    }

    @Test func `nothing in a table commands the terminal`() {
        var table = Table("A", "B")
        table.add(Table.Cell(Self.hostile), Table.Cell(Self.hostile))
        for line in table.text().split(separator: "\n") { #expect(Self.isHarmless(String(line))) }
        #expect(table.text().split(separator: "\n").count == 2)
    }

    @Test(
        "programs are given what the server wrote, an item a line",
        arguments: [
            ("{\"items\":[]}", []),
            ("{\"next\":null,\"items\":[1, \"a,]\" ,{}]}", ["1", "\"a,]\"", "{}"]),
            (
                "{ \"x\": {\"items\": [0]},\n \"items\" : [ {\"b\" : [1, 2],\n\"a\":\"\\\"}\"} ]}",
                ["{\"b\":[1,2],\"a\":\"\\\"}\"}"]
            ), ("[]", []), ("", []), ("{\"items\":", []), ("{\"items\":[1", ["1"]),
            ("{\"items\":[\"a", ["\"a"]), ("{{{{", []), ("{\"a\" 1}", []),
        ])
    func lines(body: String, lines: [String]) {
        #expect(JSONLines.items(of: Array(body.utf8)) == lines)
    }

    @Test func `what programs are given is harmless on a terminal, and means the same`() {
        let line = JSONLines.line(Array("{\"a\": \"\u{1B}\u{9B}\u{202E}é \\u001b\"}".utf8))
        #expect(line == "{\"a\":\"\\u001b\\u009b\\u202eé \\u001b\"}")
    }

    @Test(
        "a log keeps its colours on a terminal and nothing else that it would obey",
        arguments: [
            ("plain é", "plain é"),
            ("\u{1B}[1;31mred\u{1B}[0m!", "\u{1B}[1;31mred\u{1B}[0m!\u{1B}[0m"),
            ("\u{1B}[2J", "\\u{1b}[2J"), ("\u{1B}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("\u{1B}", "\\u{1b}"), ("\u{1B}[31", "\\u{1b}[31"), ("a\rb", "a\\u{d}b"),
            ("\u{9B}31m", "\\u{9b}31m"),
        ])
    func log(printed: String, shown: String) {
        #expect(LogText.line(printed.utf8) == shown)
    }

    @Test func `lines are the same in pieces of any size, and none fills the memory`() {
        let bytes = Array("one\n\ntwo\nthree".utf8)
        for cut in 0...bytes.count {
            var buffer = LineBuffer()
            let lines = buffer.take(Array(bytes[..<cut])) + buffer.take(Array(bytes[cut...]))
            let all = (lines + buffer.end()).map { String(decoding: $0, as: UTF8.self) }
            #expect(all == ["one", "", "two", "three"])
        }
        var buffer = LineBuffer()
        let parts = buffer.take([UInt8](repeating: 0x78, count: 70_000)) + buffer.end()
        #expect(parts.map(\.count) == [70_000])
    }
}
