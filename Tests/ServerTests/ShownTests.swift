import Conductor
import Engine
import HTTP
import JSON
import People
import Pipelines
import Server
import Store
import Testing

@Suite("What is shown", .timeLimit(.minutes(1))) struct ShownTests {
    private static let shop = "/api/v1/pipelines/shop"

    @Test func `an execution tells how far it has come, and why it waits`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        try scene.start()
        scene.desk.begin()
        var shown = try await scene.read("\(Self.shop)/executions/1", as: token)
        #expect(shown["status"]?.string == "running")
        #expect(shown["by"]?.string == "ada")
        #expect(shown["variables"]?["region"]?.string == "north")
        #expect(shown["revisions"]?[0]?["message"]?.string == "Say c1")
        #expect(shown["commits"]?["app"]?.string == "c1")
        #expect(
            Self.stages(shown)
                == "build running (make running, test waiting); prod ahead (send waiting)")
        #expect(shown["waiting"]?[1]?["waits-for"]?.string == "it comes after 'make'")

        scene.desk.end("make")
        scene.desk.end("test")
        shown = try await scene.read("\(Self.shop)/executions/1", as: token)
        #expect(
            Self.stages(shown)
                == "build succeeded (make succeeded, test succeeded); prod waiting (send waiting)")
        #expect(
            shown["waiting"]?[0]?["waits-for"]?.string
                == "it needs an approval by release-managers, not by who wrote or started it, "
                + "before entering stage 'prod'")
        #expect(shown["approvals"]?[0]?["status"]?.string == "asked")
        #expect(shown["approvals"]?[0]?["id"]?.string == "shop~1~prod~1~@before-1")
    }

    private static func stages(_ shown: JSON) -> String {
        (shown["stages"]?.elements ?? []).map { stage in
            let actions = (stage["actions"]?.elements ?? []).map {
                "\($0["name"]?.string ?? "") \($0["status"]?.string ?? "")"
            }
            return "\(stage["name"]?.string ?? "") \(stage["status"]?.string ?? "") "
                + "(\(actions.joined(separator: ", ")))"
        }.joined(separator: "; ")
    }

    @Test func `an execution that failed, and one that was stopped, say so at their stage`()
        async throws
    {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        try scene.start()
        scene.desk.end("make", .failed(.failed, "exit code 2"))
        var shown = try await scene.read("\(Self.shop)/executions/1", as: token)
        #expect(
            Self.stages(shown)
                == "build failed (make failed, test skipped); prod ahead (send skipped)")
        let attempt = shown["stages"]?[0]?["actions"]?[0]?["attempts"]?[0]
        #expect(attempt?["reason"]?.string == "exit code 2")
        #expect(
            attempt?["log"]?.string == "\(Self.shop)/executions/1/attempts/build/1/make/1/log")
        let second = try scene.start(commit: "c2")
        try scene.desk.tell(.stop(second, .abandon, reason: "wrong branch"))
        scene.desk.begin()
        shown = try await scene.read("\(Self.shop)/executions/2", as: token)
        #expect(shown["status"]?.string == "stopped")
        #expect(Self.stages(shown).hasPrefix("build stopped (make stopped"))
    }

    @Test func `an execution that the state has let go of is still all there`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        for number in 1...13 {
            try scene.start(commit: "c\(number)")
            scene.desk.end("make")
            scene.desk.end("test")
        }
        #expect(scene.desk.view.state.execution(try Self.id(1)) == nil)
        let shown = try await scene.read("\(Self.shop)/executions/1", as: token)
        #expect(shown["status"]?.string == "superseded")
        #expect(shown["kept"] == false)
        #expect(shown["revisions"]?[0]?["authors"]?[0]?.string == "ada")
        #expect(
            Self.stages(shown)
                == "build succeeded (make succeeded, test succeeded); prod stopped (send skipped)")
    }

    private static func id(_ number: Int) throws -> ExecutionID {
        ExecutionID(try #require(PipelineName("shop")), number)
    }

    @Test func `an old version of a definition is there, and known by its tag`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        let newer = Scene.shop.replacing("a shop", with: "the shop")
        try scene.desk.tell(
            .define(try #require(Definition.read(Array(newer.utf8)).definition)))
        let path = "\(Self.shop)/definition"
        let new = await scene.ask(.get, path, as: token)
        #expect(new.text == newer)
        #expect(await scene.ask(.get, "\(path)?version=1", as: token).text == Scene.shop)
        #expect(await scene.ask(.get, "\(path)?version=3", as: token).status == 404)
        let tag = try #require(new.headers["ETag"])
        for known in [tag, "\"x\", \(tag)", "W/\(tag)", "*"] {
            let again = await scene.ask(.get, path, as: token, ["If-None-Match": known])
            #expect(again.status == 304, "\(known)")
            #expect(again.bytes.isEmpty)
        }
        let other = await scene.ask(.get, path, as: token, ["If-None-Match": "\"x\""])
        #expect(other.status == 200)
    }

    @Test func `a pipeline tells its newest execution, its doors and what waits`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        let name = try #require(PipelineName("shop"))
        let prod = try #require(StageName("prod"))
        try scene.desk.tell(.close(name, prod, reason: "night"), by: .person(Person("bea")))
        try scene.start()
        scene.desk.end("make")
        scene.desk.end("test")
        let list = try await scene.read("/api/v1/pipelines", as: token)
        let shown = list["items"]?[0]
        #expect(shown?["last"]?["execution"]?.string == "shop/1")
        #expect(shown?["live"]?.int == 1)
        #expect(shown?["closed"]?[0]?["by"]?.string == "bea")
        #expect(
            shown?["waiting"]?[0]?["waits-for"]?.string
                == "the way into stage 'prod' is closed by bea: night")
        let one = try await scene.read(Self.shop, as: token)
        #expect(one["stages"]?[0]?["succeeded"]?.string == "shop/1")
        #expect(one["variables"]?[0]?["choices"]?.elements.count == 2)
    }

    @Test func `runners tell how many places they have, and are given more`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        try scene.start()
        let answer = await scene.ask(
            .put, "/api/v1/runners/process", as: admin, json: "{\"places\": 7}")
        #expect(answer.status == 200)
        let shown = try await scene.read("/api/v1/runners", as: admin)["items"]?[0]
        #expect(shown?["places"]?.int == 7)
        #expect(shown?["used"]?.int == 1)
    }

    @Test func `whoever asks is told who they are`() async throws {
        let scene = try Scene()
        let token = try scene.people.token(.developer, of: "shop", "!shop-*")
        let shown = try await scene.read("/api/v1/me", as: token)
        #expect(shown["name"]?.string == "a-developer-of-some")
        #expect(shown["roles"]?[0]?["role"]?.string == "developer")
        #expect(shown["roles"]?[0]?["pipelines"]?.elements.count == 2)
    }

    @Test func `the server says when it takes on nothing new`() async throws {
        let scene = try Scene()
        scene.desk.set(trouble: "the disk is nearly full")
        let response = await scene.ask(.get, "/readyz")
        #expect(response.status == 503)
        #expect(response.text == "the disk is nearly full\n")
        #expect(await scene.ask(.get, "/healthz").status == 200)
    }

    @Test func `a badge is for anybody if the host says so`() async throws {
        var settings = Scene.settings
        settings.publicBadges = [try Glob(parsing: "sh*")]
        let scene = try Scene(settings: settings)
        try scene.start()
        let badge = await scene.ask(.get, "/badges/shop.svg")
        #expect(badge.headers["Content-Type"] == "image/svg+xml")
        #expect(badge.text.contains("<title>shop: running</title>"))
        #expect(await scene.ask(.get, "/badges/site.svg").status == 401)
        #expect(await scene.ask(.get, "/badges/shop").status == 404)
    }
}
