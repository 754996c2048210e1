import Docker
import Testing

@Suite("What a build leaves out") struct IgnoreRulesTests {
    private func keeps(_ path: String, _ text: String) throws -> Bool {
        try IgnoreRules(text, dockerfile: "Dockerfile").keeps(path)
    }

    @Test(
        "is what fits a pattern, with all below",
        arguments: [
            ("a", "a"), ("a", "a/b/c"), ("/a/", "a/b"), ("./a//b/../b", "a/b"), ("*", "x"),
            ("*.md", "x.md"), ("*/x", "a/x"), ("a?c", "abc"), ("**/x", "x"), ("**/x", "a/b/x"),
            ("**/*.md", "a/b.md"), ("a/**", "a/b/c"), ("a/**/d", "a/d"), ("a/**/d", "a/b/c/d"),
            ("**", "a"), ("[a-c]x", "bx"), ("[^a-c]x", "dx"), ("\\*x", "*x"), ("  a  ", "a"),
            ("a\r\nb\r\n", "b"), ("\u{FEFF}a", "a"), ("ü*", "über"), ("**a", "b/xa"),
            (".*", ".env"), ("!b\nb", "b"),
        ])
    func out(text: String, path: String) throws { #expect(try !keeps(path, text)) }

    @Test(
        "is nothing else",
        arguments: [
            ("a", "ab"), ("a", "b/a"), ("*.md", "a/x.md"), ("*/x", "x"), ("*/x", "a/b/x"),
            ("a?c", "a/c"), ("**/x", "ax"), ("**/x", "a/bx"), ("a/**/d", "ad"), ("a/**/d", "a/xd"),
            ("a/**", "a"), ("[a-c]x", "dx"), ("[^a-c]x", "bx"), ("[^a]x", "/x"), ("\\*x", "ax"),
            ("#a", "#a"), ("", "a"), (".", "a"), ("*\n!b", "b"), ("*\n!a/b", "a/b"),
            ("**\n!**/*.md", "a/x.md"), ("*", "Dockerfile"), ("Dockerfile", "Dockerfile"),
        ])
    func within(text: String, path: String) throws { #expect(try keeps(path, text)) }

    @Test func `is not what a later line puts in, except what a still later one takes out`() throws
    {
        let rules = try IgnoreRules(
            "docs\n!docs/*.md\ndocs/secret.md\n", dockerfile: "docker/[web]")
        #expect(!rules.keeps("docs/a.txt") && rules.keeps("docs/a.md"))
        #expect(!rules.keeps("docs/secret.md") && !rules.keeps("docs"))
        #expect(rules.keeps("docker/[web]"))
    }

    @Test func `may have below it what is not left out`() throws {
        let rules = try IgnoreRules("*\n!a/b/*.md\n", dockerfile: "Dockerfile")
        #expect(rules.mayKeep(below: "a") && rules.mayKeep(below: "a/b"))
        #expect(rules.mayKeep(below: "a/b/c") && !rules.mayKeep(below: "b"))
        #expect(try IgnoreRules("*\n!**/x", dockerfile: "d/D").mayKeep(below: "any"))
    }

    @Test(
        "is not guessed at", arguments: ["a\n[b", "a\nb\\", "a\n[]", "a\n[z-a]", "a\n[a-]", "a\n!"])
    func wrong(text: String) {
        #expect {
            try IgnoreRules(text, dockerfile: "Dockerfile")
        } throws: { error in
            "\(error)".hasPrefix("line 2 of the ignore file, '")
        }
    }

    @Test func `takes no longer for a pattern that is made to`() throws {
        let text = String(repeating: "**/*a", count: 200)
        #expect(try keeps(String(repeating: "a/", count: 190) + "b", text))
    }

    @Test func `stands in one of two files`() {
        #expect(
            IgnoreRules.files(for: "docker/web") == ["docker/web.dockerignore", ".dockerignore"])
    }
}
