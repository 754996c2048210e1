import Testing
import YAML

@Suite("Documents") struct DocumentTests {
    private func read(_ text: String) throws -> Node {
        try #require(try Document.read(Array(text.utf8)))
    }

    @Test func `places are counted in lines and characters`() throws {
        let root = try read("a: 1\nb:\n  - ü: [x, y]\n")
        guard case .mapping(let entries) = root.content,
            case .sequence(let list) = entries[1].value.content,
            case .mapping(let inner) = list[0].content,
            case .sequence(let letters) = inner[0].value.content
        else {
            Issue.record("read otherwise")
            return
        }
        #expect(entries[0].value.place == Place(line: 1, column: 4))
        #expect(inner[0].key.place == Place(line: 3, column: 5))
        #expect(letters[1].place == Place(line: 3, column: 12))
    }

    @Test func `an alias stands for what its anchor names`() throws {
        let root = try read("a: &x { b: c }\nd: *x\n")
        guard case .mapping(let entries) = root.content else { return }
        #expect(entries[0].value == entries[1].value)
    }

    @Test(
        "what looks like a word of YAML 1.1 is a text",
        arguments: ["no", "on", "1e3", "0o7", "12:30"])
    func plainScalars(text: String) throws {
        #expect(try read(text).content == .scalar(text, isPlain: true))
    }

    @Test("nothing, a tilde and null are nothing", arguments: ["a:\n", "a: ~\n", "a: null\n"])
    func nulls(text: String) throws {
        guard case .mapping(let entries) = try read(text).content else { return }
        #expect(entries[0].value.isNull)
    }

    @Test func `quotes make null a text`() throws {
        #expect(try read("\"null\"").isNull == false)
    }

    @Test func `a document that is too deep, too wide or too long says so at once`() {
        for text in [
            String(repeating: "[", count: 200_000), String(repeating: "{a: ", count: 100_000),
            String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
        ] {
            #expect(throws: YAMLError.self) { try Document.read(Array(text.utf8)) }
        }
        #expect(throws: YAMLError.self) {
            try Document.read(Array(repeating: UInt8(ascii: "a"), count: Limits.bytes + 1))
        }
    }
}
