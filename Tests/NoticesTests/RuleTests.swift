import Notices
import Pipelines
import Testing
import YAML

@Suite("Rules of notifications") struct RuleTests {
    private func read(_ text: String) throws -> (rules: [NoticeRule]?, problems: [String]) {
        var findings = Findings()
        let root = try #require(try Document.read(Array(text.utf8)))
        let rules = NoticeRule.shape.read(root, &findings)
        return (rules, findings.inOrder.map(\.problem))
    }

    @Test func `are read as they are written`() throws {
        let (rules, problems) = try read(
            """
            chat:
              on: [failed, recovered]
              pipelines: [shop*]
              webhook: https://chat.example.com/hook?x=1
              secret: chat
            pager:
              on: approval
              command: [/usr/bin/page, --team, "a b"]
            """)
        #expect(problems == [])
        let chat = try #require(rules?.first)
        #expect(chat.occasions == [.failed, .recovered])
        #expect(
            chat.target
                == .webhook(
                    url: "https://chat.example.com/hook?x=1",
                    secret: try #require(SecretName("chat"))))
        #expect(rules?.last?.target == .command(["/usr/bin/page", "--team", "a b"]))
    }

    @Test(
        "that make no sense are explained",
        arguments: [
            ("{ a: { on: failed } }", "nobody is told"),
            (
                "{ a: { on: failed, webhook: 'https://x.y', secret: s, command: [/x] } }",
                "it has a 'webhook' and a 'command'"
            ),
            ("{ a: { on: failed, webhook: 'https://x.y' } }", "nothing signs what is sent"),
            (
                "{ a: { on: failed, webhook: 'ftp://x', secret: s } }",
                "this is no address of a receiver"
            ),
            ("{ a: { on: failed, command: [page] } }", "the program has no full path"),
            ("{ a: { on: failed, command: [] } }", "the program has no full path"),
            ("{ a: { command: [/x] } }", "'on' is missing"),
            ("{ a: { on: never, command: [/x] } }", "'never' cannot stand here"),
        ])
    func mistakes(text: String, problem: String) throws {
        #expect(try read(text).problems == [problem])
    }
}
