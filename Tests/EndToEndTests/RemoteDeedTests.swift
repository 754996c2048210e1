import Support
import Testing

@Suite("What a server is told to do") struct RemoteDeedTests {
    private static let shop = "/api/v1/pipelines/shop"
    private static let live = "/api/v1/environments/live"
    private static let done = "{\"execution\":\"shop/43\",\"number\":43,\"sequence\":9}"

    @Test(
        "is sent as the API wants it, and said",
        arguments: [
            (
                ["start", "shop"], "POST \(shop)/executions", "{}", "shop/43 started\n"
            ),
            (
                [
                    "start", "shop", "--source", "app=4fd2", "--variable", "a=b=c", "--variable",
                    "d=",
                ],
                "POST \(shop)/executions",
                "{\"revisions\":{\"app\":{\"commit\":\"4fd2\"}},"
                    + "\"variables\":{\"a\":\"b=c\",\"d\":\"\"}}",
                "shop/43 started\n"
            ),
            (
                ["stop", "shop/42", "--reason", "no"], "POST \(shop)/executions/42/stop",
                "{\"mode\":\"wait\",\"reason\":\"no\"}",
                "shop/42 stops when what runs has ended\n"
            ),
            (
                ["stop", "shop/42", "--abandon"], "POST \(shop)/executions/42/stop",
                "{\"mode\":\"abandon\",\"reason\":\"\"}", "shop/42 is told to end now\n"
            ),
            (
                ["retry", "shop/42", "test", "--all"],
                "POST \(shop)/executions/42/stages/test/retry", "{\"scope\":\"all\"}",
                "shop/42: stage 'test' is tried again\n"
            ),
            (
                ["skip", "shop/42", "smoke", "--reason", "it is down"],
                "POST \(shop)/executions/42/stages/smoke/skip", "{\"reason\":\"it is down\"}",
                "shop/42 goes past stage 'smoke'\n"
            ),
            (
                ["rollback", "shop", "prod", "--to", "shop/40", "--yes"],
                "POST \(shop)/stages/prod/rollback", "{\"to\":40}", "shop/43 started\n"
            ),
            (
                ["rollback", "shop", "prod", "--yes", "--json"],
                "POST \(shop)/stages/prod/rollback", "{}", "\(done)\n"
            ),
            (
                ["transitions", "close", "shop", "prod", "--reason", "no"],
                "PUT \(shop)/stages/prod/transition", "{\"open\":false,\"reason\":\"no\"}",
                "the way into stage 'prod' of 'shop' is closed\n"
            ),
            (
                ["transitions", "open", "shop", "prod"], "PUT \(shop)/stages/prod/transition",
                "{\"open\":true,\"reason\":\"\"}", "the way into stage 'prod' of 'shop' is open\n"
            ),
            (
                ["environments", "unlock", "live"], "POST \(live)/unlock", "", "live is unlocked\n"
            ),
            (
                ["environments", "clear", "live", "--yes"], "DELETE \(live)", "",
                "what runs in live is ending\n"
            ),
            (
                ["environments", "pause", "live"], "POST \(live)/pause", "",
                "live stays at this step\n"
            ),
            (
                ["environments", "resume", "live"], "POST \(live)/resume", "", "live goes on\n"
            ),
            (
                ["environments", "promote", "live"], "POST \(live)/promote", "",
                "live waits no longer\n"
            ),
            (
                ["environments", "lock", "live", "--reason", "no", "--take-over"],
                "POST \(live)/lock", "{\"reason\":\"no\",\"takeover\":true}",
                "live is locked: nothing new is deployed\n"
            ),
            (
                ["environments", "thaw", "live", "--reason", "a hole"], "POST \(live)/thaw",
                "{\"reason\":\"a hole\"}", "live lets what waits begin\n"
            ),
            (
                ["runners", "set", "process", "--places", "0"], "PUT /api/v1/runners/process",
                "{\"places\":0}", "runner process has no places\n"
            ),
            (
                ["people", "remove", "ada", "--yes"], "DELETE /api/v1/people/ada", "",
                "what ada is called in commits is forgotten\n"
            ),
            (
                ["people", "set", "ada", "--alias", "a@b.org", "--alias", "Ada B"],
                "PUT /api/v1/people/ada", "{\"aliases\":[\"a@b.org\",\"Ada B\"]}",
                "ada writes commits as 'a@b.org', 'Ada B'\n"
            ),
            (
                ["tokens", "revoke", "7f3a", "--yes"], "DELETE /api/v1/tokens/7f3a", "",
                "token 7f3a is revoked\n"
            ),
            (
                ["secrets", "remove", "key", "--yes"], "DELETE /api/v1/secrets/key", "",
                "secret key is removed\n"
            ),
            (
                ["pipelines", "remove", "shop", "--yes"], "DELETE \(shop)", "",
                "pipeline shop is removed\n"
            ),
        ])
    func deeds(words: [String], place: String, body: String, said: String) throws {
        let server = try PlayedServer([place: Self.done])
        let result = try run(words, at: server)
        #expect(result.errors == "")
        #expect(result.output == said)
        #expect(result.code == 0)
        let asked = try #require(server.asked.first)
        #expect(asked.place == place)
        #expect(asked.body == body)
        #expect(place.hasPrefix("POST") == (asked.headers["idempotency-key"] != nil))
    }

    @Test(
        "is not done before somebody agrees",
        arguments: [
            ["rollback", "shop", "prod"], ["tokens", "revoke", "7f3a"],
            ["secrets", "remove", "key"], ["pipelines", "remove", "shop"],
            ["people", "remove", "ada"],
        ])
    func agreement(words: [String]) throws {
        let server = try PlayedServer([:])
        let said = try run(words, at: server)
        #expect(said.code == 2)
        #expect(said.errors.hasSuffix("\n  hint: add '--yes' if it is meant\n"))
        #expect(server.asked.isEmpty)
    }

    @Test func `a retry finds the stage that failed`() throws {
        let server = try PlayedServer([
            "GET \(Self.shop)/executions/42": Recorded.execution(
                "failed", Recorded.stage("succeeded", name: "build"), Recorded.stage("failed")),
            "POST \(Self.shop)/executions/42/stages/test/retry": Self.done,
        ])
        let said = try Console().run("retry", "shop/42", at: server)
        #expect(said.output == "shop/42: stage 'test' is tried again\n")
    }

    @Test func `an approval shows what would ship and holds for that alone`() throws {
        let server = try PlayedServer([
            "GET /api/v1/approvals": Recorded.page(
                Recorded.approval(), Recorded.approval(stage: "staging", subject: "other")),
            "POST /api/v1/approvals/a-production": Self.done,
        ])
        let console = try Console()
        let many = try console.run("approve", "shop/42", "--yes", at: server)
        #expect(many.code == 2)
        #expect(many.errors.hasSuffix("\n  hint: name the stage: 'production' or 'staging'\n"))
        let asked = try console.type(
            "approve", "shop/42", "production", "--reason", "fine", at: server,
            doing: [("[y/N]", "y\n")])
        #expect(asked.code == 0)
        let shown = asked.output.replacing("\r\n", with: "\n")
        #expect(
            shown.hasPrefix(
                """
                shop/42 at stage 'production'
                  asked of 2 of ada or bob, 1 so far
                  Is it Monday?
                """))
        #expect(
            shown.contains(
                """
                would ship:
                  app at 0123456789ab instead of aaaaaaaaaaaa: 1 commit
                    0123456789ab Say hello (Ada)
                Approve this? [y/N] y
                approved shop/42 at stage 'production'
                """))
        #expect(
            server.asked.last?.body
                == "{\"verdict\":\"approve\",\"comment\":\"fine\",\"subject\":\"digest-1\"}")
        let count = server.asked.count
        let refused = try console.type(
            "reject", "shop/42", "production", at: server, doing: [("[y/N]", "\n")])
        #expect(refused.code == 2)
        #expect(server.asked.count == count + 1)
    }

    @Test func `a token that was made is printed alone, once`() throws {
        let server = try PlayedServer([
            "POST /api/v1/tokens":
                "{\"id\":\"7f3a\",\"name\":\"ada\",\"token\":\"slipway_7f3a_secret\"}"
        ])
        let said = try Console().run(
            "tokens", "create", "ada", "--role", "developer", "--pipelines", "shop*",
            "--expires", "never", at: server)
        #expect(said.output == "slipway_7f3a_secret\n")
        #expect(said.errors == "keep it now: it is not shown again; its id is 7f3a\n")
        #expect(
            server.asked.first?.body
                == "{\"name\":\"ada\",\"roles\":[{\"role\":\"developer\",\"pipelines\":[\"shop*\"],"
                + "\"environments\":[]}]}")
    }

    @Test(
        "a mistake on the line is told before anything is sent",
        arguments: [
            (["show"], "a word is missing", "write 'slipway show shop/42'"),
            (["show", "shop"], "'shop' is no execution", "write it as 'shop/42'"),
            (
                ["skip", "shop/42", "x"], "no reason is given",
                "add --reason 'TEXT'; it is kept on the record"
            ),
            (
                ["start", "shop", "--source", "x"], "'--source x' has no name and value",
                "write '--source app=0123abc'"
            ),
            (
                ["tokens", "create", "a"], "it is not said what the token may do",
                "add '--role viewer', 'developer', 'release-manager' or 'admin'"
            ),
            (
                ["tokens", "create", "a", "--role", "admin", "--expires", "soon"],
                "'--expires soon' is no time of a year at most", "write '90d', '12h' or 'never'"
            ),
            (
                ["secrets", "lst"], "'lst' is nothing that `slipway secrets` does",
                "did you mean 'list'? there are 'list', 'set' or 'remove'"
            ),
            (
                ["executions", "--limit", "0"], "'--limit 0' is no number from 1 to 100000",
                "write '--limit 50'"
            ),
            (
                ["logs", "-f", "shop/1", "--home", "x"], "'-f' follows an execution on a server",
                "leave out '--home'; `slipway run` shows what happens here"
            ),
            (
                ["backup", "--home", "x", "--server", "https://x", "f"],
                "'--server' and a folder of this machine are both named",
                "name the one that is meant"
            ),
        ])
    func mistakes(words: [String], problem: String, hint: String) throws {
        let server = try PlayedServer([:])
        let said = try run(words, at: server)
        #expect(said.errors == "slipway \(words[0]): \(problem)\n  hint: \(hint)\n")
        #expect(said.code == 2)
        #expect(server.asked.isEmpty)
    }

    private func run(_ words: [String], at server: PlayedServer) throws -> Program.Result {
        let folder = try Folder()
        return try Program.run(
            [
                "/usr/bin/env", "-i", "HOME=\(folder.path)", "SLIPWAY_URL=\(server.url)",
                Slipway.path,
            ]
                + words)
    }
}
