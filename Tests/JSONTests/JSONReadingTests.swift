import JSON
import Testing

@Suite("JSON that is read") struct JSONReadingTests {
    @Test(
        "is what was written",
        arguments: [
            (
                #" {"a": [1, -2, 0], "b": {"c": null}, "d": true } "#,
                #"{"a":[1,-2,0],"b":{"c":null},"d":true}"#
            ),
            (#""\u00e4\ud83d\ude00\n\/\\\"""#, "\"ä😀\\n/\\\\\\\"\""), ("[]", "[]"), ("{}", "{}"),
            ("false", "false"), ("9223372036854775807", "9223372036854775807"),
        ])
    func good(text: String, written: String) throws {
        #expect(try JSON(parsing: Array(text.utf8)).text == written)
    }

    @Test(
        "is refused with the place of the first mistake",
        arguments: [
            ("", "line 1, column 1: it ends where a value should begin"),
            ("{\n  \"a\": 1,\n  \"ä\": 1, \"a\": 2}", "line 3, column 11: this key is there twice"),
            ("[1,]", "line 1, column 4: a value should begin here"),
            ("[1 2]", "line 1, column 4: ',' or ']' should stand here"),
            ("{\"a\" 1}", "line 1, column 6: ':' should stand here"),
            ("{a:1}", "line 1, column 2: a key should begin here"),
            ("1.5", "line 1, column 1: only whole numbers of 64 bits are taken"),
            ("1e3", "line 1, column 1: only whole numbers of 64 bits are taken"),
            ("01", "line 1, column 1: only whole numbers of 64 bits are taken"),
            ("-", "line 1, column 1: only whole numbers of 64 bits are taken"),
            ("9223372036854775808", "line 1, column 1: only whole numbers of 64 bits are taken"),
            ("nul", "line 1, column 1: a value should begin here"),
            ("1 1", "line 1, column 3: something follows the value"),
            ("\"a", "line 1, column 3: it ends inside a text"),
            ("\"\n\"", "line 1, column 2: a control character has to be written as \\u00XX"),
            (#""\ud83d""#, "line 1, column 2: no such escape"),
            (#""\ude00""#, "line 1, column 2: no such escape"),
            (#""\x41""#, "line 1, column 2: no such escape"),
            ("\u{FEFF}1", "line 1, column 1: a value should begin here"),
        ])
    func bad(text: String, words: String) {
        let mistake = #expect(throws: JSONMistake.self) { try JSON(parsing: Array(text.utf8)) }
        #expect(mistake?.description == words)
    }

    @Test("is UTF-8", arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC3]])
    func encoding(bytes: [UInt8]) {
        let mistake = #expect(throws: JSONMistake.self) { try JSON(parsing: bytes) }
        #expect(mistake?.problem == "it is not UTF-8")
    }

    @Test func `is no deeper than anybody means it to be`() throws {
        let deep = { (depth: Int) in
            Array(String(repeating: "[", count: depth).utf8)
                + Array(String(repeating: "]", count: depth).utf8)
        }
        _ = try JSON(parsing: deep(JSON.maximumDepth))
        #expect(throws: JSONMistake.self) { try JSON(parsing: deep(JSON.maximumDepth + 1)) }
        #expect(throws: JSONMistake.self) { try JSON(parsing: deep(100_000)) }
    }
}
