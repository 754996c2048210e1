import Engine
import HTTP
import JSON
import People
import Pipelines
import Server
import Synchronization
import Testing

@Suite("What people do", .timeLimit(.minutes(1))) struct SteeringTests {
    private static let shop = "/api/v1/pipelines/shop"

    @Test func `starting, stopping, retrying and rolling back are on the record in their name`()
        async throws
    {
        let scene = try Scene()
        let dev = try scene.people.token(.developer)
        let manager = try scene.people.token(.releaseManager)
        try scene.start()
        let started = await scene.ask(
            .post, "\(Self.shop)/executions", as: dev,
            json: """
                {"revisions": {"app": {"commit": "c1"}}, "variables": {"region": "south"}}
                """)
        #expect(started.status == 201)
        #expect(started.headers["Location"] == "\(Self.shop)/executions/2")
        let state = scene.desk.view.state
        let second = try #require(state.execution(try Self.id(2)))
        guard case .person(let person) = second.startedBy else { return }
        #expect(person.name == "a-developer")
        #expect(person.roles == Self.developer)
        // Known by what was seen before, with its authors.
        #expect(second.revisions.first?.authors == ["ada"])
        #expect(second.variables.first?.value == "south")

        let stop = await scene.ask(
            .post, "\(Self.shop)/executions/2/stop", as: dev,
            json: "{\"mode\": \"abandon\", \"reason\": \"wrong\"}")
        #expect(stop.status == 200)
        scene.desk.begin()
        #expect(scene.desk.view.state.execution(try Self.id(2))?.end?.outcome == .stopped)
        let retry = await scene.ask(
            .post, "\(Self.shop)/executions/2/stages/build/retry", as: dev)
        #expect(retry.status == 200)
        let skip = await scene.ask(
            .post, "\(Self.shop)/executions/1/stages/build/skip", as: manager,
            json: "{\"reason\": \"known\"}")
        #expect(skip.status == 409)
        let back = await scene.ask(.post, "\(Self.shop)/stages/build/rollback", as: manager)
        #expect(back.status == 409)
        #expect(try back.json["hint"]?.string == "there is nothing to put back")
    }

    private static let developer = ["viewer", "viewers", "developer", "developers"]

    private static func id(_ number: Int) throws -> ExecutionID {
        ExecutionID(try #require(PipelineName("shop")), number)
    }

    @Test func `a commit that was never seen is not taken on anybody's word`() async throws {
        let scene = try Scene()
        let dev = try scene.people.token(.developer)
        let answer = await scene.ask(
            .post, "\(Self.shop)/executions", as: dev,
            json: "{\"revisions\": {\"app\": {\"commit\": \"c9\"}}}")
        #expect(answer.status == 422)
        #expect(try answer.json["detail"]?.string == "commit 'c9' of 'app' was never seen")
        let other = await scene.ask(
            .post, "\(Self.shop)/executions", as: dev,
            json: "{\"revisions\": {\"none\": {\"commit\": \"c9\"}}}")
        #expect(try other.json["detail"]?.string == "pipeline 'shop' has no source 'none'")
    }

    private static let chosen = "{\"revisions\": {\"app\": {\"commit\": \"c1\"}}}"

    @Test func `the same key starts one execution, whatever comes between`() async throws {
        let scene = try Scene()
        let dev = try scene.people.token(.developer)
        let other = try scene.people.token(.admin)
        try scene.start()
        let path = "\(Self.shop)/executions"
        let first = await scene.ask(
            .post, path, as: dev, json: Self.chosen, ["Idempotency-Key": "k1"])
        try scene.start()
        let again = await scene.ask(
            .post, path, as: dev, json: Self.chosen, ["Idempotency-Key": "k1"])
        #expect(first.status == 201)
        #expect(again.text == first.text)
        #expect(again.headers["Location"] == first.headers["Location"])
        let changed = await scene.ask(
            .post, path, as: dev, json: "{\"variables\": {}}", ["Idempotency-Key": "k1"])
        #expect(changed.status == 409)
        // One person's key is nothing in another's hands.
        let theirs = await scene.ask(
            .post, path, as: other, json: Self.chosen, ["Idempotency-Key": "k1"])
        #expect(theirs.text != first.text)
        let bad = await scene.ask(.post, path, as: dev, ["Idempotency-Key": "a b"])
        #expect(bad.status == 400)
    }

    @Test func `a key outlives the server that heard it first`() async throws {
        let scene = try Scene()
        let dev = try scene.people.token(.developer)
        try scene.start()
        let path = "\(Self.shop)/executions"
        let first = await scene.ask(
            .post, path, as: dev, json: Self.chosen, ["Idempotency-Key": "k1"])
        let later = scene.again()
        let again = await later.ask(
            .post, path, as: dev, json: Self.chosen, ["Idempotency-Key": "k1"])
        #expect(try again.json["execution"] == first.json["execution"])
    }

    @Test func `many who ask with one key at once are all told of one execution`() async throws {
        let scene = try Scene()
        let dev = try scene.people.token(.developer)
        try scene.start()
        let texts = await withTaskGroup(of: String.self) { group in
            for _ in 1...10 {
                group.addTask {
                    await scene.ask(
                        .post, "\(Self.shop)/executions", as: dev, json: Self.chosen,
                        ["Idempotency-Key": "k"]
                    ).text
                }
            }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(texts.count == 1)
        #expect(texts.first?.contains("\"shop/2\"") == true)
    }

    @Test func `a stage that nobody has entered is skipped with a reason`() async throws {
        let scene = try Scene()
        let manager = try scene.people.token(.releaseManager)
        try scene.start()
        scene.desk.end("make")
        scene.desk.end("test")
        let path = "\(Self.shop)/executions/1/stages/prod/skip"
        let skip = await scene.ask(.post, path, as: manager, json: "{\"reason\": \"a drill\"}")
        #expect(skip.status == 200)
        let shown = try await scene.read("\(Self.shop)/executions/1", as: manager)
        #expect(shown["status"]?.string == "succeeded")
        #expect(shown["stages"]?[1]?["status"]?.string == "skipped")
    }

    @Test func `doors are closed and opened, and it does no harm to ask twice`() async throws {
        let scene = try Scene()
        let manager = try scene.people.token(.releaseManager)
        let path = "\(Self.shop)/stages/prod/transition"
        let close = "{\"open\": false, \"reason\": \"night\"}"
        #expect(await scene.ask(.put, path, as: manager, json: close).status == 200)
        let sequence = scene.desk.view.state.sequence
        #expect(await scene.ask(.put, path, as: manager, json: close).status == 200)
        #expect(scene.desk.view.state.sequence == sequence)
        let unexplained = await scene.ask(.put, path, as: manager, json: "{\"open\": false}")
        #expect(unexplained.status == 422)
        #expect(await scene.ask(.put, path, as: manager, json: "{\"open\": true}").status == 200)
        let nowhere = await scene.ask(
            .put, "\(Self.shop)/stages/none/transition", as: manager, json: "{\"open\": true}")
        #expect(nowhere.status == 404)
    }

    @Test func `a definition is checked, put and removed`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let text = Scene.site.replacing("site", with: "new")
        let path = "/api/v1/pipelines/new"
        let yaml = "application/yaml"
        let dry = await scene.ask(
            .put, "\(path)?dry-run=true", as: admin, body: Array(text.utf8), type: yaml)
        #expect(dry.status == 200)
        #expect(await scene.ask(.get, path, as: admin).status == 404)
        let put = await scene.ask(.put, path, as: admin, body: Array(text.utf8), type: yaml)
        #expect(put.status == 201)
        #expect(try put.json["version"]?.int == 1)
        let again = await scene.ask(.put, path, as: admin, body: Array(text.utf8), type: yaml)
        #expect(again.status == 200)
        #expect(try again.json["version"]?.int == 1)
        let bad = await scene.ask(
            .put, path, as: admin, body: Array("name: new\nstagez: []\n".utf8), type: yaml)
        #expect(bad.status == 422)
        #expect(try bad.json["mistakes"]?[0]?["line"]?.int ?? 0 > 0)
        let elsewhere = await scene.ask(
            .put, "/api/v1/pipelines/other", as: admin, body: Array(text.utf8), type: yaml)
        #expect(try elsewhere.json["detail"]?.string == "it defines 'new', and is put at 'other'")
        #expect(await scene.ask(.delete, path, as: admin).status == 204)
        #expect(await scene.ask(.get, path, as: admin).status == 404)
        #expect(await scene.ask(.get, "\(path)/executions", as: admin).status == 200)
        #expect(await scene.ask(.delete, path, as: admin).status == 404)
    }

    @Test func `whoever is answered finds what they have done`() async throws {
        let scene = try Scene(definitions: [])
        let admin = try scene.people.token(.admin)
        for number in 1...30 {
            let path = "/api/v1/pipelines/p\(number)"
            let text = Scene.site.replacing("site", with: "p\(number)")
            let put = await scene.ask(
                .put, path, as: admin, body: Array(text.utf8), type: "application/yaml")
            #expect(put.status == 201)
            #expect(await scene.ask(.get, path, as: admin).status == 200)
        }
    }

    /// Knows every commit between two.
    private struct Git: Shipping {
        func commits(from: String, to: String, of source: Source) -> Shipment? {
            Shipment(
                [.init(id: to, subject: "\(from)..\(to)", author: "ada", time: 0)], isCut: true)
        }

        func revision(
            _ commit: String, at ref: String?, of source: Source, in pipeline: PipelineState
        ) throws(Refusal) -> Revision {
            Revision(source: source.name, ref: ref ?? "refs/heads/main", commit: commit)
        }
    }

    @Test func `an approval tells what would ship, and is for that alone`() async throws {
        let scene = try Scene(shipping: Git())
        let manager = try scene.people.token(.releaseManager)
        let dev = try scene.people.token(.developer)
        var ids: [ExecutionID] = []
        for commit in ["c1", "c2"] {
            ids.append(try scene.start(commit: commit))
            scene.desk.end("make")
            scene.desk.end("test")
            let list = try await scene.read("/api/v1/approvals", as: manager)
            let shown = try #require(list["items"]?[0])
            #expect(list["items"]?.elements.count == 1)
            #expect(shown["question"]?.string == "Ship \(commit)?")
            #expect(shown["may-answer"] == true)
            #expect(shown["four-eyes"] == true)
            let path = "/api/v1/approvals/\(try #require(shown["id"]?.string))"
            #expect(try await scene.read(path, as: dev)["may-answer"] == false)
            if commit == "c2" {
                #expect(shown["ships"]?[0]?["from"]?.string == "c1")
                #expect(shown["ships"]?[0]?["commits"]?[0]?["subject"]?.string == "c1..c2")
                #expect(shown["ships"]?[0]?["cut"] == true)
            } else {
                #expect(shown["ships"]?[0]?["from"] == .null)
                #expect(shown["ships"]?[0]?["known"] == false)
            }
            let stale = await scene.ask(
                .post, path, as: manager, json: "{\"verdict\": \"approve\", \"subject\": \"x\"}")
            #expect(stale.status == 409)
            let subject = try #require(shown["subject"]?.string)
            let word =
                "{\"verdict\": \"approve\", \"subject\": \"\(subject)\", \"comment\": \"yes\"}"
            #expect(await scene.ask(.post, path, as: manager, json: word).status == 200)
            #expect(await scene.ask(.post, path, as: manager, json: word).status == 409)
            #expect(await scene.ask(.get, path, as: manager).status == 404)
            scene.desk.end("send")
        }
        #expect(scene.desk.view.state.execution(ids[1])?.end?.outcome == .succeeded)
        let path = "\(Self.shop)/stages/prod/rollback"
        let back = await scene.ask(.post, path, as: manager, ["Idempotency-Key": "back"])
        #expect(back.status == 201)
        #expect(back.headers["Location"] == "\(Self.shop)/executions/3")
        let again = await scene.ask(.post, path, as: manager, ["Idempotency-Key": "back"])
        #expect(again.text == back.text)
        let third = try #require(scene.desk.view.state.execution(try Self.id(3)))
        #expect(third.revisions.map(\.commit) == ["c1"])
        let other = await scene.ask(.post, path, as: manager, json: "{\"to\": 2}")
        #expect(other.status == 201)
    }
}
