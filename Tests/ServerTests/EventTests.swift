import Engine
import HTTP
import JSON
import People
import Pipelines
import Server
import Store
import Support
import Testing

@Suite("Events", .timeLimit(.minutes(1))) struct EventTests {
    /// One execution, told to its end.
    private static func scene(_ settings: Surroundings.Settings = Scene.settings) throws -> Scene {
        let scene = try Scene(settings: settings)
        try scene.start()
        scene.desk.end("make")
        scene.desk.end("test")
        return scene
    }

    @Test func `are told from any place on, without a gap and nothing twice`() async throws {
        let scene = try Self.scene()
        let admin = try scene.people.token(.admin)
        let last = scene.desk.view.state.sequence
        #expect(last > 10)
        for place in 0...last {
            let response = await scene.ask(
                .get, "/api/v1/events", as: admin, ["Last-Event-ID": "\(place)"])
            #expect(response.headers["Content-Type"] == "text/event-stream")
            let listener = Listener(try #require(response.stream))
            // In pieces that cut events anywhere.
            let text = await listener.read(upTo: 7 + place) { text in
                place == last || text.hasSuffix("\n\n") && text.contains("id: \(last)\n")
            }
            if place < last {
                #expect(Heard.all(in: text).map(\.id) == ((place + 1)...last).map { $0 })
            }
            listener.leave()
        }
    }

    @Test func `that come while somebody listens are told at once, in the names that are promised`()
        async throws
    {
        let scene = try Scene()
        let viewer = try scene.people.token(.viewer)
        let response = await scene.ask(.get, "/api/v1/events?pipeline=shop", as: viewer)
        let listener = Listener(try #require(response.stream))
        try scene.start()
        scene.desk.begin()
        scene.desk.end("make")
        let text = await listener.read { $0.contains("attempt.finished") }
        let names = Heard.all(in: text).map(\.event)
        #expect(
            Array(names.prefix(7)) == [
                "execution.created", "stage.reached", "stage.entered", "attempt.queued",
                "attempt.admitted", "attempt.started", "attempt.finished",
            ])
        let first = try JSON(parsing: Array(Heard.all(in: text)[0].data.utf8))
        #expect(first["execution"]?.string == "shop/1")
        #expect(first["by"]?.string == "ada")
        #expect(first["commits"]?["app"]?.string == "c1")
        listener.leave()
    }

    @Test func `that are older than what is at hand are read from the record`() async throws {
        let scene = try Scene()
        let admin = try scene.people.token(.admin)
        let name = try #require(PipelineName("shop"))
        let stage = try #require(StageName("prod"))
        try scene.desk.tell(
            (1...700).flatMap { number -> [Command] in
                [.close(name, stage, reason: "\(number)"), .open(name, stage, reason: "")]
            })
        let last = scene.desk.view.state.sequence
        let response = await scene.ask(.get, "/api/v1/events?after=0", as: admin)
        let listener = Listener(try #require(response.stream))
        let text = await listener.read { $0.contains("id: \(last)\n") }
        #expect(Heard.all(in: text).map(\.id) == (1...last).map { $0 })
        listener.leave()
    }

    @Test func `are told only to those who may see what they are about`() async throws {
        let scene = try Self.scene()
        let other = try scene.people.token(.viewer, of: "site")
        let viewer = try scene.people.token(.viewer)
        let end = try scene.desk.tell(
            .close(
                try #require(PipelineName("site")), try #require(StageName("live")),
                reason: "done"))
        #expect(end == nil)
        let response = await scene.ask(.get, "/api/v1/events?after=0", as: other)
        let listener = Listener(try #require(response.stream))
        let text = await listener.read { $0.contains("\"done\"") }
        #expect(Heard.all(in: text).map(\.event) == ["pipeline.defined", "transition.closed"])
        listener.leave()
        // Nor are tokens told of to whoever may only look.
        let all = await scene.ask(.get, "/api/v1/events?after=0", as: viewer)
        let ears = Listener(try #require(all.stream))
        let heard = await ears.read { $0.contains("\"done\"") }
        #expect(!heard.contains("token.made"))
        ears.leave()
        let hidden = await scene.ask(.get, "/api/v1/events?pipeline=shop", as: other)
        #expect(hidden.status == 404)
    }

    @Test func `end for whoever's token is revoked, and say now and then that they live`()
        async throws
    {
        let scene = try Scene()
        let token = try scene.people.token(.viewer)
        let response = await scene.ask(.get, "/api/v1/events", as: token)
        let listener = Listener(try #require(response.stream))
        await listener.read { $0.hasPrefix("retry:") }
        scene.desk.pass(.seconds(15))
        scene.api.beat()
        await listener.read { $0.hasSuffix("\n\n:\n\n") }
        try scene.people.revoke(token)
        scene.desk.pass(.seconds(15))
        scene.api.beat()
        let text = await listener.read { _ in false }
        #expect(!text.contains("token.revoked"))
    }

    @Test func `that nobody can have heard are refused`() async throws {
        let scene = try Scene()
        let viewer = try scene.people.token(.viewer)
        let response = await scene.ask(
            .get, "/api/v1/events", as: viewer, ["Last-Event-ID": "1000000"])
        #expect(response.status == 409)
        let bad = await scene.ask(.get, "/api/v1/events", as: viewer, ["Last-Event-ID": "-1"])
        #expect(bad.status == 400)
    }

    /// Its words are a promise to programs.
    @Test func `have names that do not change`() throws {
        let names = PublicEvent.Name.allCases.map(\.rawValue).sorted()
        #expect(names.joined(separator: " ") == Self.promised)
    }

    private static let promised = """
        access.denied access.failed account.removed account.set alarm.rang approval.asked \
        approval.voided approval.voted attempt.admitted attempt.finished attempt.queued \
        attempt.retrying attempt.started deployment.approved deployment.begun \
        deployment.carried-out deployment.dropped deployment.ended deployment.entrusted \
        deployment.let-through deployment.ordered deployment.paused deployment.progress \
        deployment.promoted deployment.resumed deployment.step deployment.turned-back \
        environment.frozen environment.locked environment.removed environment.thawed \
        environment.unlocked execution.created \
        execution.finished execution.stopping execution.superseded gate.opened gate.reached \
        gate.refused gate.window hook.begun hook.ended instance.ailing instance.drained \
        instance.gone instance.healthy instance.leaving instance.ordered instance.started \
        instance.stopping instance.unhealthy pipeline.defined pipeline.removed \
        runner.configured secret.removed secret.set service.scaled source.seen stage.entered \
        stage.failed \
        stage.judging stage.reached stage.retried stage.skipped stage.succeeded token.made \
        token.revoked traffic.decided traffic.lost traffic.moved transition.closed \
        transition.opened version.left version.pinned
        """
}
