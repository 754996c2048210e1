import Conductor
import Deployment
import Engine
import Pipelines
import Store
import Testing

@Suite("A deployment that asks before people's requests go to it")
struct DeploymentApprovalTests {
    private typealias Scene = EstateScene
    private typealias Home = House<SQLiteStore, QuickHands>

    private static let manager = Who.person(Person("eve", roles: ["release-manager"]))

    private static func definition(_ pause: String) throws -> Definition {
        let text = """
            name: shop
            mode: queued
            sources: { app: { git: . } }
            environments:
              prod: { services: { web: { run: exec ./shop, listen: 8080 } } }
            stages:
              - name: build
                actions: { make: { run: make, outputs: { binary: out } } }
              - name: ship
                actions:
                  go:
                    deploy:
                      environment: prod
                      artifact: binary
                      strategy: blue-green
                      pause: \(pause)
            """
        let reading = Definition.read(Array(text.utf8))
        return try #require(reading.definition, "\(reading.diagnostics)")
    }

    /// A first version that was approved, and a second that asks.
    private static func asking(_ pause: String, in scene: inout Scene) throws -> Home {
        var house = try scene.house()
        let definition = try definition(pause)
        try Scene.ship("v1", definition, &scene, &house)
        try answer(.approve, &scene, &house, of: 1)
        try Scene.ship("v2", definition, &scene, &house)
        return house
    }

    @discardableResult
    private static func answer(
        _ verdict: Verdict, by who: Who = manager, comment: String = "", _ scene: inout Scene,
        _ house: inout Home, of number: Int = 2
    ) throws -> Refusal? {
        let shop = try #require(PipelineName("shop"))
        let execution = try #require(house.state.execution(ExecutionID(shop, number)))
        let asking = try #require(house.state.questions(of: execution).first)
        let answer = Answer(asking.id, verdict, comment: comment, subject: asking.subject)
        var refusal: Refusal?
        try house.turn([Message(.answer(answer), by: who)], at: scene.now) { replies in
            if case .refused(let why)? = replies.first { refusal = why }
        }
        try scene.pass(5, &house)
        return refusal
    }

    private static func share(_ scene: Scene, _ house: borrowing Home) throws -> Int {
        let web = try #require(RoleName("web"))
        let site = try #require(house.state.environments[scene.prod]).site
        return site.routing(of: web).percent(of: ReleaseID(2))
    }

    @Test func `gives nobody to the new version before it is approved`() throws {
        var scene = try Scene()
        var house = try Self.asking("approval", in: &scene)
        try scene.pass(3_600, &house)
        #expect(try Self.share(scene, house) == 0)
        let shop = try #require(PipelineName("shop"))
        let why = house.state.why(ExecutionID(shop, 2))
        #expect(
            why.map(\.waitsFor) == [
                "it needs an approval by somebody who may approve before r2 gets requests in 'prod'"
            ])
        #expect(try Self.answer(.approve, &scene, &house) == nil)
        #expect(try Self.share(scene, house) == 100)
        #expect(Scene.ends(house.news()).last == .succeeded)
        #expect(house.state.environments[scene.prod]?.asking == nil)
    }

    @Test func `hears only whom its rule names, four eyes, and as many as it says`() throws {
        var scene = try Scene()
        let pause = "{ approval: { by: release-manager, needed: 2, four-eyes: true } }"
        var house = try Self.asking(pause, in: &scene)
        // The first version is half approved, and so the second waits for its turn.
        #expect(house.state.environments[scene.prod]?.site.rollout?.to == ReleaseID(1))
        let ada = Who.person(Person("ada", roles: ["release-manager"]))
        let starter = try Self.answer(.approve, by: ada, &scene, &house, of: 1)
        #expect(starter?.problem == "ada had a hand in what is to be approved")
        let stranger = try Self.answer(.approve, by: .person(Person("joe")), &scene, &house, of: 1)
        #expect(stranger?.problem == "joe may not answer this")
        let again = try Self.answer(.approve, &scene, &house, of: 1)
        #expect(again?.problem == "eve has already approved")
        let max = Who.person(Person("max", roles: ["release-manager"]))
        #expect(try Self.answer(.approve, by: max, &scene, &house, of: 1) == nil)
        #expect(house.state.environments[scene.prod]?.site.current == ReleaseID(1))
    }

    @Test func `goes back when it is rejected, and says by whom and why`() throws {
        var scene = try Scene()
        var house = try Self.asking("approval", in: &scene)
        try Self.answer(.reject, comment: "wrong colours", &scene, &house)
        let site = try #require(house.state.environments[scene.prod]).site
        #expect(site.current == ReleaseID(1))
        #expect(site.rollout == nil)
        let why = "turned back: eve rejected it: wrong colours"
        #expect(Scene.ends(house.news()).last == .failed(.failed, why))
    }

    @Test func `goes back when nobody answers in time, and asks nobody any more`() throws {
        var scene = try Scene()
        var house = try Self.asking("{ approval: { within: 1h } }", in: &scene)
        try scene.pass(3_700, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(environment.site.current == ReleaseID(1))
        #expect(environment.asking == nil)
        let why = "turned back: nobody approved it within 1h"
        #expect(Scene.ends(house.news()).last == .failed(.failed, why))
    }

    @Test func `is not let through by whoever would not wait`() throws {
        var scene = try Scene()
        var house = try Self.asking("approval", in: &scene)
        var refusal: Refusal?
        try house.turn(
            [Message(.environment(scene.prod, .promote(by: "ada")), by: Scene.person)],
            at: scene.now
        ) { replies in
            if case .refused(let why)? = replies.first { refusal = why }
        }
        #expect(refusal?.problem == "the deployment waits for an approval")
        #expect(try Self.share(scene, house) == 0)
    }

    @Test func `goes on asking in the next house`() throws {
        var scene = try Scene()
        do { _ = try Self.asking("approval", in: &scene) }
        var house = try scene.house()
        #expect(try Self.answer(.approve, &scene, &house) == nil)
        #expect(house.state.environments[scene.prod]?.site.current == ReleaseID(2))
    }
}
