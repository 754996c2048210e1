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
        let none = try PlayedServer([
            "GET /api/v1/executions": Recorded.page(),
            "GET /api/v1/pipelines/shop/executions": Recorded.page(),
            "GET /api/v1/runners": Recorded.page(),
        ])
        #expect(
            try console.run("executions", "shop", at: none).output == "'shop' has not run yet\n")
        #expect(try console.run("executions", at: none).output == "nothing has run yet\n")
        // What is short comes at once, and the server takes no limit for it.
        #expect(try console.run("runners", at: none).output == "there are no runners\n")
        #expect(none.asked.last?.line == "GET /api/v1/runners")
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
            'production'","ends-when":"they approve or reject, or the time for it is over",
            "since":"2020-01-01T00:00:00.000Z","deadline":null}
            """.split(separator: "\n").joined(separator: " ")
        let server = try PlayedServer([
            "GET \(Self.place)": Recorded.execution("waiting", waiting: waiting)
        ])
        let said = try Console().run("why", "shop/42", at: server).output
        #expect(
            said.hasPrefix(
                "shop/42 waits: it needs an approval by ada before entering stage 'production' "
                    + "(for "))
        #expect(
            said.hasSuffix(" days), until they approve or reject, or the time for it is over\n"))
    }

    @Test func `tells who may do what, and by which token`() throws {
        let ada = """
            {"name":"ada","aliases":["ada@example.org","Ada"],"roles":[{"role":"developer",
            "pipelines":["shop*"],"environments":[],"token":"7f3a","about":"","expires":null},
            {"role":"viewer","pipelines":[],"environments":[],"token":"99aa","about":"",
            "expires":"2020-01-01T00:00:00.000Z"}]}
            """
        let bob = "{\"name\":\"bob\",\"aliases\":[\"Bob\"],\"roles\":[]}"
        let server = try PlayedServer(["GET /api/v1/people": Recorded.page(ada, bob)])
        let said = try Console().run("people", at: server)
        let lines = said.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("NAME  MAY                 BY TOKEN  ENDS"))
        #expect(lines[1].hasPrefix("ada   developer on shop*  7f3a      never"))
        #expect(lines[1].hasSuffix("ada@example.org, Ada"))
        #expect(lines[2].hasPrefix("ada   viewer              99aa      "))
        #expect(lines[3].hasPrefix("bob   nothing             -"))
        let json = try Console().run("people", "--json", at: server)
        #expect(json.output.split(separator: "\n").count == 2)
    }
}
