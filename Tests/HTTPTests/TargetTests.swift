import HTTP
import Testing

@Suite("The target of a request") struct TargetTests {
    private static func problem(_ text: String) -> RequestProblem? {
        do throws(RequestProblem) {
            _ = try Target(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "is taken apart and decoded once",
        arguments: [
            ("/", []), ("/a", ["a"]), ("/a/b", ["a", "b"]), ("/a%20b/%C3%A9", ["a b", "é"]),
            ("/%252e", ["%2e"]), ("/a+b", ["a+b"]), ("/...", ["..."]), ("/a%3Fb", ["a?b"]),
            ("http://host:80/a/b?c", ["a", "b"]), ("HTTPS://host", []), ("http://host?a=b", []),
            ("/a:b@c", ["a:b@c"]), ("/%F0%9F%9A%A2", ["🚢"]), ("/a\\b", ["a\\b"]),
        ])
    func path(text: String, path: [String]) throws {
        #expect(try Target(parsing: text).path == path)
    }

    @Test(
        "has a query in the order it came",
        arguments: [
            ("/?", []), ("/", []), ("/?a", [Field("a", "")]), ("/?a=", [Field("a", "")]),
            ("/?a=1&b=2&a=3", [Field("a", "1"), Field("b", "2"), Field("a", "3")]),
            ("/?a=b=c", [Field("a", "b=c")]), ("/?&&a=b&", [Field("a", "b")]),
            ("/?a+b=c%2Bd+e", [Field("a b", "c+d e")]), ("/?=v", [Field("", "v")]),
            ("/?a=/../%2F", [Field("a", "/..//")]), ("/?a=?", [Field("a", "?")]),
        ])
    func query(text: String, query: [Field]) throws {
        #expect(try Target(parsing: text).query == query)
    }

    @Test(
        "is refused where it means nothing, or something else",
        arguments: [
            ("", "the path does not begin with '/'"),
            ("*", "the path does not begin with '/'"),
            ("a", "the path does not begin with '/'"),
            ("host:80", "the path does not begin with '/'"),
            ("ftp://host/a", "the path does not begin with '/'"),
            ("//", "part 1 of the path is empty"),
            ("//a", "part 1 of the path is empty"),
            ("/a//b", "part 2 of the path is empty"),
            ("/a/", "part 2 of the path is empty"),
            ("/.", "part 1 of the path leads elsewhere"),
            ("/a/..", "part 2 of the path leads elsewhere"),
            ("/%2e%2E/a", "part 1 of the path leads elsewhere"),
            ("/a%2Fb", "part 1 of the path leads elsewhere"),
            ("/a%2fb", "part 1 of the path leads elsewhere"),
            ("/%", "part 1 of the path has a '%' without two digits"),
            ("/%4", "part 1 of the path has a '%' without two digits"),
            ("/%4g", "part 1 of the path has a '%' without two digits"),
            ("/a%00b", "part 1 of the path is no text in UTF-8"),
            ("/%C3", "part 1 of the path is no text in UTF-8"),
            ("/%C0%AF", "part 1 of the path is no text in UTF-8"),
            ("/%ED%A0%80", "part 1 of the path is no text in UTF-8"),
            ("/?a=%FF", "'a' in the query is no text in UTF-8"),
            ("/?%=1", "a name in the query has a '%' without two digits"),
            ("/?a=%00", "'a' in the query is no text in UTF-8"),
            ("/a b", "the target holds the byte 0x20"),
            ("/a\tb", "the target holds the byte 0x9"),
            ("/é", "the target holds the byte 0xC3"),
            ("/a#b", "the target holds the byte 0x23"),
            ("/a\u{7F}", "the target holds the byte 0x7F"),
        ])
    func refused(text: String, detail: String) throws {
        let problem = try #require(Self.problem(text))
        #expect(problem.status == 400)
        #expect(problem.detail == detail)
        #expect(!problem.hint.isEmpty)
    }

    @Test func `whatever its bytes are, gives clean parts or a problem`() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("/%.2eF0?&=+a#\u{0}é ".utf8)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            guard let target = try? Target(parsing: "/" + String(decoding: bytes, as: UTF8.self))
            else { continue }
            for part in target.path {
                #expect(!part.isEmpty && part != "." && part != ".." && !part.contains("/"))
                #expect(!part.contains("\0"))
            }
        }
    }
}
