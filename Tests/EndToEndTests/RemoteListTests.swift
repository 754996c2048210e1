import Support
import Testing

@Suite("What a server is asked") struct RemoteListTests {
    private static let place = "/api/v1/pipelines/shop/executions/42"

    @Test func `is shown in a table, and to programs as it was answered`() throws {
        let closed = """
            {"stage":"production","open":false,"reason":"a release is on","by":"bob","holders":[],
            "succeeded":null}
            """
        let server = try PlayedServer([
            "GET /api/v1/pipelines": Recorded.page(
                Recorded.pipeline(
                    "shop", last: Recorded.summary("shop/42", "failed"), closed: closed),
                Recorded.pipeline("site"))
        ])
        let console = try Console()
        let said = try console.run("pipelines", at: server)
        #expect(said.errors == "")
        let lines = said.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(
            lines[0] == "PIPELINE  LAST     STATUS  WHEN            NOTE"
                || lines[0].hasPrefix("PIPELINE  LAST     STATUS  WHEN"))
        #expect(lines[1].hasPrefix("shop      shop/42  failed  "))
        #expect(lines[1].hasSuffix("days ago  'production' is closed (a release is on)"))
        #expect(lines[2] == "site      -        -")
        let json = try console.run("pipelines", "--json", at: server)
        #expect(json.output.hasPrefix("{\"name\":\"shop\",\"about\":null,\"version\":3,"))
        #expect(json.output.split(separator: "\n").count == 2)
        let doors = try console.run("transitions", at: server)
        #expect(doors.output.hasSuffix("shop      production  bob        a release is on\n"))
        #expect(
            server.asked.map(\.line)
                == Array(repeating: "GET /api/v1/pipelines?limit=200", count: 3))
        #expect(server.asked.allSatisfy { $0.headers["authorization"] == "Bearer hunter2" })
    }

    @Test func `is asked for page by page`() throws {
        let server = try PlayedServer { asked, peer in
            let isSecond = asked.line.contains("after=a%2Fb")
            let item = Recorded.summary(isSecond ? "shop/1" : "shop/2", "succeeded")
            peer.answer(json: Recorded.page(item, next: isSecond ? "more" : "a/b"))
        }
        let console = try Console()
        let said = try console.run("executions", "shop", "--limit", "2", at: server)
        #expect(
            said.output.split(separator: "\n").dropFirst().map { $0.prefix(6) } == [
                "shop/2", "shop/1",
            ])
        #expect(said.output.contains("1m05s"))
        #expect(said.errors == "there are more: '--limit N' shows N\n")
        #expect(
            server.asked.map(\.line) == [
                "GET /api/v1/pipelines/shop/executions?limit=2",
                "GET /api/v1/pipelines/shop/executions?limit=1&after=a%2Fb",
            ])
    }

    @Test func `of an execution begins with what failed`() throws {
        let failed = Recorded.attempt("failed", reason: "exit code 3")
        let server = try PlayedServer([
            "GET \(Self.place)": Recorded.execution(
                "failed", reason: "stage 'test' failed",
                Recorded.stage("failed", failed), Recorded.stage("ahead", name: "ship"))
        ])
        let said = try Console().run("show", "shop/42", at: server)
        let lines = said.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "shop/42 failed: stage 'test' failed")
        #expect(lines[1].hasSuffix("days ago, took 1m05s, by ada (pushed)"))
        #expect(
            Array(lines[2...]) == [
                "  app at 0123456789ab (main) Say hello", "failed:", "  test/unit  exit code 3",
                "    slipway logs shop/42 test/unit", "STAGE   STATUS  TOOK  NOTE",
                "test    failed",
                "  unit  failed  2.0s", "ship    ahead", "  unit  ahead",
            ])
    }

    @Test func `is told in a sentence where it waits`() throws {
        let waiting = """
            {"subject":"shop/42","waits-for":"it needs an approval by ada before entering stage
            'production'","ends-when":"they approve or reject, or the time for it is over"}
            """.split(separator: "\n").joined(separator: " ")
        let server = try PlayedServer([
            "GET \(Self.place)": Recorded.execution("waiting", waiting: waiting)
        ])
        #expect(
            try Console().run("why", "shop/42", at: server).output
                == "shop/42 waits: it needs an approval by ada before entering stage "
                + "'production', until they approve or reject, or the time for it is over\n")
    }

    /// What strangers name is in every answer: branches, messages, reasons, whatever.
    @Test(
        "has no power over the terminal",
        arguments: [
            ["pipelines"], ["executions"], ["show", "shop/42"], ["why", "shop/42"], ["approvals"],
            ["approve", "shop/42"], ["transitions"], ["runners"], ["secrets"], ["tokens"],
            ["audit", "list"], ["audit", "verify"], ["logs", "-f", "shop/42"], ["stop", "shop/42"],
        ])
    func hostile(words: [String]) throws {
        let evil = "\\u001b]0;x\\u0007\\u009b2J\\u202e\u{202E}\\r\\n"
        let reason = "{\"subject\":\"\(evil)\",\"waits-for\":\"\(evil)\",\"ends-when\":\"\(evil)\"}"
        let closed = "{\"stage\":\"\(evil)\",\"reason\":\"\(evil)\",\"by\":\"\(evil)\"}"
        let attempt = Recorded.attempt("failed", stage: evil, job: evil, reason: evil)
        let named =
            "\"id\":\"\(evil)\",\"name\":\"\(evil)\",\"by\":\"\(evil)\",\"event\":\"\(evil)\""
        let server = try PlayedServer { asked, peer in
            switch asked.place {
            case "GET /api/v1/pipelines":
                peer.answer(json: Recorded.page(Recorded.pipeline(evil, closed: closed)))
            case "GET /api/v1/executions":
                peer.answer(
                    json: Recorded.page(Recorded.summary(evil, evil, stage: evil, reason: evil)))
            case "GET \(Self.place)":
                let status =
                    asked.headers["accept"] == nil ? "" : words[0] == "logs" ? "failed" : evil
                peer.answer(
                    json: Recorded.execution(
                        status, name: evil, reason: evil, waiting: reason, branch: evil,
                        Recorded.stage("failed", name: evil, attempt)))
            case "GET /api/v1/approvals":
                peer.answer(json: Recorded.page(Recorded.approval(stage: evil, subject: evil)))
            case "GET /api/v1/audit/verification":
                peer.answer(json: "{\"clean\":false,\"record\":1,\"detail\":\"\(evil)\"}")
            case "POST \(Self.place)/stop":
                peer.answer(
                    409, "application/problem+json",
                    "{\"detail\":\"\(evil)\",\"hint\":\"\(evil)\"}")
            default:
                if asked.place.hasSuffix("/log") {
                    peer.answer(
                        200, "text/plain", headers: ["X-Log-Size": "2"],
                        asked.line.contains("offset=0") ? "\u{1B}c" : "")
                } else {
                    peer.answer(
                        json: Recorded.page(
                            "{\(named),\"places\":1,\"used\":0,\"queued\":0,\"sequence\":1}"))
                }
            }
        }
        let console = try Console()
        for more in [[], words[0] == "approve" || words[0] == "stop" ? [] : ["--json"]] {
            let line = ["/usr/bin/env"] + words + more
            let said = try Typed.run(
                [
                    "/usr/bin/env", "-i", "HOME=\(console.folder.path)", "NO_COLOR=1", "TERM=dumb",
                    "SLIPWAY_URL=\(server.url)", Slipway.path,
                ] + line.dropFirst(),
                words[0] == "approve" ? [("[y/N]", "n\n")] : [])
            #expect(!said.output.isEmpty)
            let allowed: Set<Unicode.Scalar> = ["\n", "\r", "\t"]
            let bad = said.output.unicodeScalars.filter { scalar in
                [.control, .format].contains(scalar.properties.generalCategory)
                    && !allowed.contains(scalar)
            }
            #expect(bad.isEmpty, "\(said.output)")
            // The terminal itself ends each line with both; a return by itself would hide a line.
            #expect(!said.output.replacing("\r\n", with: "").unicodeScalars.contains("\r"))
        }
    }
}
