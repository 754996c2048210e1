import Deployment
import Engine
import FoundationEssentials
import HTTP
import JSON
import People
import Pipelines
import Server
import Support
import Testing

@Suite("An environment as it is shown", .timeLimit(.minutes(1))) struct EnvironmentRouteTests {
    private static let prod = "/api/v1/environments/prod"

    private static func scene() throws -> (Scene, token: String) {
        let scene = try Scene(definitions: [Scene.deploying])
        return (scene, try scene.people.token(.releaseManager))
    }

    @Test func `is empty before anything was deployed to it`() async throws {
        let (scene, token) = try Self.scene()
        let list = try await scene.read("/api/v1/environments", as: token)
        let item = try #require(list["items"]?[0])
        #expect(item["name"]?.string == "prod")
        #expect(item["about"]?.string == "what people see")
        #expect(item["pipeline"]?.string == "shop")
        #expect(item["health"]?.string == "empty")
        #expect(item["release"] == .null)
        let shown = try await scene.read(Self.prod, as: token)
        #expect(shown["history"]?.elements == [])
    }

    @Test func `tells what is there, since when, by whom and from what`() async throws {
        let (scene, token) = try Self.scene()
        try scene.shipWholly("v1")
        let shown = try await scene.read(Self.prod, as: token)
        #expect(shown["health"]?.string == "serving")
        let release = try #require(shown["release"])
        #expect(release["release"]?.string == "r1")
        #expect(release["version"]?.string == "v1")
        #expect(release["execution"]?.string == "shop/1")
        #expect(release["by"]?.string == "ada")
        #expect(release["commits"]?["app"]?.string == "c-v1")
        #expect(release["since"]?.string != nil)
        let traffic = try #require(shown["traffic"]?[0])
        #expect(traffic["role"]?.string == "web")
        #expect(traffic["listens"]?[0]?.string == "127.0.0.1:8080")
        #expect(traffic["confirmed"] == .bool(true))
        #expect(traffic["lanes"]?[0]?["percent"]?.int == 100)
        #expect(
            shown["instances"]?.elements.map { $0["condition"]?.string }
                == ["healthy", "healthy", "healthy"])
        #expect(shown["drift"]?.elements == [])
        #expect(shown["history"]?[0]?["outcome"]?.string == "succeeded")
        #expect(shown["history"]?[0]?["by"]?.string == "ada")
    }

    @Test func `tells who approved what is there on its way`() async throws {
        let gate = "- name: ship\n    before: [approval: {}]"
        let scene = try Scene(
            definitions: [Scene.deploying.replacing("- name: ship", with: gate)])
        let token = try scene.people.token(.releaseManager)
        try scene.ship("v1", waits: true)
        let asked = try await scene.read("/api/v1/approvals", as: token)["items"]?[0]
        let (id, subject) = (asked?["id"]?.string ?? "", asked?["subject"]?.string ?? "")
        let said = await scene.ask(
            .post, "/api/v1/approvals/\(id)", as: token,
            json: "{\"verdict\": \"approve\", \"subject\": \"\(subject)\"}")
        #expect(said.status == 200)
        scene.desk.begin()
        try scene.obey()
        let shown = try await scene.read(Self.prod, as: token)
        let approvals = shown["release"]?["approvals"]?.elements ?? []
        #expect(approvals.map { $0["stage"]?.string } == ["ship"])
        #expect(approvals.first?["votes"]?.string?.contains("a-release-manager") == true)
    }

    @Test func `tells how far a deployment is, and who takes what meanwhile`() async throws {
        let (scene, token) = try Self.scene()
        try scene.shipWholly("v1")
        try scene.ship("v2")
        let shown = try await scene.read(Self.prod, as: token)
        #expect(shown["health"]?.string == "deploying")
        let deployment = try #require(shown["deployment"])
        #expect(deployment["release"]?.string == "r2")
        #expect(deployment["from"]?.string == "r1")
        #expect(deployment["strategy"]?.string == "canary")
        #expect(deployment["step"]?.int == 3)
        #expect(
            deployment["steps"]?.elements.compactMap { $0["sentence"]?.string } == [
                "start r2 beside r1", "give r2 20 % of the requests", "watch r2 for 5m",
                "give r2 all requests", "hand all other work to r2", "end all but r2",
            ])
        let lanes = shown["traffic"]?[0]?["lanes"]?.elements ?? []
        #expect(
            Set(lanes.map { "\($0["release"]?.string ?? "") \($0["percent"]?.int ?? 0)" })
                == ["r1 80", "r2 20"])
        #expect(shown["history"]?[0]?["outcome"]?.string == "deploying")
        #expect(try await scene.read("\(Self.prod)?history=1", as: token)["history"]?[1] == nil)
    }

    @Test func `is waited for in words by the execution that deploys`() async throws {
        let (scene, token) = try Self.scene()
        try scene.shipWholly("v1")
        try scene.ship("v2")
        func why(_ number: Int) async throws -> JSON {
            let path = "/api/v1/pipelines/shop/executions/\(number)"
            return try #require(try await scene.read(path, as: token)["waiting"]?[0])
        }
        let watched = try await why(2)
        #expect(
            watched["waits-for"]?.string
                == "r2 is being deployed to 'prod': step 3 of 6, watch r2 for 5m")
        #expect(watched["ends-when"]?.string == "the time is over")
        #expect(watched["deadline"]?.string != nil)
        _ = await scene.ask(.post, "\(Self.prod)/pause", as: token)
        #expect(
            try await why(2)["waits-for"]?.string
                == "a-release-manager has paused the deployment to 'prod' at step 3 of 6, watch r2 "
                + "for 5m")
        _ = await scene.ask(.post, "\(Self.prod)/resume", as: token)
        try scene.see(.alarm("too many errors"))
        #expect(
            try await why(2)["waits-for"]?.string
                == "'prod' goes back from r2, because alarm: too many errors: step 1 of 2, give r1 "
                + "all requests again")
        try scene.obey()
        _ = await scene.ask(
            .post, "\(Self.prod)/lock", as: token, json: "{\"reason\": \"a feast\"}")
        try scene.ship("v3")
        let locked = try await why(3)
        #expect(
            locked["waits-for"]?.string
                == "a-release-manager has locked environment 'prod': a feast")
        #expect(
            locked["ends-when"]?.string
                == "somebody unlocks it (slipway environments unlock prod)")
    }

    @Test func `tells what runs that should not, and what should and does not`() async throws {
        let (scene, token) = try Self.scene()
        try scene.shipWholly("v1")
        let first = try #require(try scene.site().instances.keys.min())
        try scene.see(.gone(first, "exited with code 3"))
        let shown = try await scene.read(Self.prod, as: token)
        #expect(shown["health"]?.string == "degraded")
        let drift = shown["drift"]?.elements ?? []
        #expect(drift.map { $0["kind"]?.string } == ["missing", "traffic"])
        #expect(
            drift.first?["sentence"]?.string
                == "1 of 2 of r1 missing; i1 exited with code 3")
        scene.desk.pass(.seconds(2))
        try scene.obey()
        #expect(try await scene.read(Self.prod, as: token)["health"]?.string == "serving")
    }

    @Test func `shows what a rollback would do, and does just that`() async throws {
        let (scene, token) = try Self.scene()
        for version in ["v1", "v2"] { try scene.shipWholly(version) }
        let before = scene.desk.view.state
        let dry = await scene.ask(
            .post, "\(Self.prod)/rollback?dry-run=true", as: token,
            json: "{\"strategy\": \"blue-green\"}")
        #expect(dry.status == 200)
        let plan = try dry.json
        #expect(plan["leaves"]?.string == "r2")
        #expect(plan["release"]?.string == "r1")
        #expect(plan["strategy"]?.string == "blue-green")
        #expect(plan["sequence"] == .null)
        #expect(
            plan["steps"]?.elements.compactMap { $0["sentence"]?.string } == [
                "start r1 beside r2", "give r1 all requests", "hand all other work to r1",
                "end all but r1",
            ])
        #expect(
            plan["launches"]?.elements.map {
                "\($0["role"]?.string ?? "") \($0["count"]?.int ?? 0)"
            }
                == ["web 2", "worker 1"])
        #expect(scene.desk.view.state == before)
        let done = await scene.ask(
            .post, "\(Self.prod)/rollback", as: token,
            json: "{\"strategy\": \"blue-green\", \"leaving\": \"r2\"}")
        #expect(try done.json["sequence"]?.int ?? 0 > before.sequence)
        #expect(try done.json["steps"] == plan["steps"])
        #expect(try scene.site().rollout?.plan.steps.count == 4)
        try scene.obey()
        let shown = try await scene.read(Self.prod, as: token)
        #expect(shown["release"]?["release"]?.string == "r1")
        #expect(shown["release"]?["by"]?.string == "a-release-manager")
        #expect(shown["release"]?["execution"]?.string == "shop/1")
        #expect(shown["left"]?.elements == [.string("v2")])
        #expect(shown["releases"]?[0]?["release"]?.string == "r2")
        // What was shown is no longer so.
        let late = await scene.ask(
            .post, "\(Self.prod)/rollback", as: token, json: "{\"leaving\": \"r2\"}")
        #expect(late.status == 409)
        #expect(
            try late.json["detail"]?.string == "r2 is no longer what would be left: it is r1")
    }

    @Test func `turns back what is under way, if no release is named`() async throws {
        let (scene, token) = try Self.scene()
        try scene.shipWholly("v1")
        try scene.ship("v2")
        let dry = await scene.ask(.post, "\(Self.prod)/rollback?dry-run=true", as: token)
        #expect(try dry.json["strategy"]?.string == "turn back")
        #expect(try dry.json["leaves"]?.string == "r2")
        #expect(try dry.json["release"]?.string == "r1")
        #expect(
            try dry.json["steps"]?.elements.compactMap { $0["sentence"]?.string }
                == ["give r1 all requests again", "end all but r1"])
        _ = await scene.ask(.post, "\(Self.prod)/rollback", as: token)
        let shown = try await scene.read(Self.prod, as: token)
        #expect(shown["health"]?.string == "going back")
        #expect(
            shown["deployment"]?["cause"]?.string
                == "a-release-manager asked for it: a rollback was asked for")
        try scene.obey()
        let after = try await scene.read(Self.prod, as: token)
        #expect(after["history"]?[0]?["outcome"]?.string == "turned back")
        #expect(after["release"]?["release"]?.string == "r1")
    }

    @Test func `is locked, paused and promoted by whoever may release into it`() async throws {
        let (scene, token) = try Self.scene()
        try scene.shipWholly("v1")
        let other = try scene.people.token("bea", [Grant(.releaseManager)])
        let lock = "{\"reason\": \"a feast\"}"
        #expect(await scene.ask(.post, "\(Self.prod)/lock", as: token, json: lock).status == 200)
        let held = await scene.ask(.post, "\(Self.prod)/lock", as: other, json: lock)
        #expect(held.status == 409)
        let taken = "{\"reason\": \"mine\", \"takeover\": true}"
        #expect(await scene.ask(.post, "\(Self.prod)/lock", as: other, json: taken).status == 200)
        let shown = try await scene.read(Self.prod, as: token)
        #expect(shown["lock"]?["by"]?.string == "bea")
        #expect(shown["lock"]?["reason"]?.string == "mine")
        try scene.ship("v2")
        #expect(try await scene.read(Self.prod, as: token)["waiting"]?.int == 1)
        #expect(await scene.ask(.post, "\(Self.prod)/unlock", as: token).status == 200)
        try scene.obey()
        #expect(await scene.ask(.post, "\(Self.prod)/resume", as: token).status == 409)
        #expect(await scene.ask(.post, "\(Self.prod)/pause", as: token).status == 200)
        scene.desk.pass(.seconds(600))
        try scene.obey()
        #expect(try scene.site().rollout?.pausedBy == "a-release-manager")
        #expect(await scene.ask(.post, "\(Self.prod)/resume", as: token).status == 200)
        try scene.obey()
        #expect(try scene.site().current == ReleaseID(2))
        try scene.ship("v3")
        #expect(await scene.ask(.post, "\(Self.prod)/promote", as: token).status == 200)
        try scene.obey()
        #expect(try scene.site().current == ReleaseID(3))
        #expect(await scene.ask(.post, "\(Self.prod)/promote", as: token).status == 409)
        let empty = await scene.ask(
            .post, "\(Self.prod)/lock", as: token, json: "{\"reason\": \"\"}")
        #expect(empty.status == 422)
    }

    @Test func `is steered only where somebody may release into just it`() async throws {
        let (scene, _) = try Self.scene()
        try scene.shipWholly("v1")
        let test = try Glob(parsing: "test")
        let token = try scene.people.token("cem", [Grant(.releaseManager, environments: [test])])
        #expect(await scene.ask(.get, Self.prod, as: token).status == 200)
        #expect(await scene.ask(.post, "\(Self.prod)/pause", as: token).status == 403)
        let here = try Glob(parsing: "prod*")
        let right = try scene.people.token("dag", [Grant(.releaseManager, environments: [here])])
        // They may, and there is nothing to pause.
        #expect(await scene.ask(.post, "\(Self.prod)/pause", as: right).status == 409)
        let stranger = try scene.people.token(.admin, of: "site")
        let hidden = await scene.ask(.get, Self.prod, as: stranger)
        let missing = await scene.ask(.get, "/api/v1/environments/none", as: stranger)
        #expect(hidden.text.replacing("prod", with: "none") == missing.text)
        let list = try await scene.read("/api/v1/environments", as: stranger)
        #expect(list["items"]?.elements == [])
    }

    @Test func `shows the last lines of an instance, as they were printed`() async throws {
        let (scene, token) = try Self.scene()
        let folder = "\(scene.folder.path)/instances/prod/i7"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try Data("one\n\n\u{1B}[31mthree\nfour\n".utf8).write(to: URL(filePath: "\(folder)/log"))
        let path = "\(Self.prod)/instances/i7/log"
        let all = await scene.ask(.get, path, as: token)
        #expect(all.headers["Content-Type"] == "text/plain; charset=utf-8")
        #expect(all.text == "one\n\n\u{1B}[31mthree\nfour\n")
        #expect(
            await scene.ask(.get, "\(path)?lines=2", as: token).text == "\u{1B}[31mthree\nfour\n")
        #expect(await scene.ask(.get, "\(path)?lines=0", as: token).status == 400)
        let none = await scene.ask(.get, "\(Self.prod)/instances/i8/log", as: token)
        #expect(none.status == 404)
        #expect(try none.json["detail"]?.string == "there is no instance 'i8' in 'prod'")
    }
}
