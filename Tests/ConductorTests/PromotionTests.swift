import Conductor
import Deployment
import Engine
import Pipelines
import Store
import Testing

@Suite("Promoting from one environment into another") struct PromotionTests {
    private typealias Scene = EstateScene
    private typealias Home = House<SQLiteStore, QuickHands>

    private static func definition(_ gate: String = "", artifact: String = "binary") throws
        -> Definition
    {
        let text = """
            name: shop
            sources: { app: { git: . } }
            environments:
              staging: { services: { web: { run: exec ./shop, listen: 8080 } } }
              prod:
                services:
                  web: { run: exec ./shop, listen: 8081, environment: { C: "#{app.commit}" } }
            stages:
              - name: build
                actions: { make: { run: make, outputs: { binary: out, other: o } } }
              - name: staging
                actions:
                  go: { deploy: { environment: staging, artifact: binary, strategy: blue-green } }
              - name: ship
                \(gate)
                actions:
                  go: { deploy: { environment: prod, artifact: \(artifact), strategy: blue-green } }
            """
        let reading = Definition.read(Array(text.utf8))
        return try #require(reading.definition, "\(reading.diagnostics)")
    }

    private static func staging() throws -> EnvironmentName {
        try #require(EnvironmentName("staging"))
    }

    private static func promote(
        _ scene: inout Scene, _ house: inout Home, seeing release: Int? = nil
    ) throws -> Refusal? {
        var refusal: Refusal?
        let command = Command.promote(
            scene.prod, from: try staging(), release: release.map { ReleaseID($0) })
        try house.turn([Message(command, by: Scene.person)], at: scene.now) { replies in
            if case .refused(let why)? = replies.first { refusal = why }
        }
        try scene.pass(5, &house)
        return refusal
    }

    private static let gate = "before: [approval: release-manager]"

    @Test func `deploys the very same, by its stage alone, with its gates`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition(Self.gate)
        try Scene.ship("v1", definition, &scene, &house)
        #expect(try Self.promote(&scene, &house) == nil)
        let execution = try #require(house.state.execution(ExecutionID(definition.name, 2)))
        #expect(execution.revisions.map(\.id) == ["c-v1"])
        // It is asked what everybody is asked, and takes nobody's place.
        let first = try #require(house.state.execution(ExecutionID(definition.name, 1)))
        #expect(!first.isFinished)
        let asking = try #require(house.state.questions(of: execution).first)
        let eve = Who.person(Person("eve", roles: ["release-manager"]))
        let answer = Answer(asking.id, .approve, subject: asking.subject)
        try house.turn([Message(.answer(answer), by: eve)], at: scene.now)
        try scene.pass(5, &house)
        let site = try #require(house.state.environments[scene.prod]).site
        let release = try #require(site.current.flatMap { site.releases[$0] })
        #expect(release.version == "v1")
        #expect(release.roles.first?.work?.environment == ["C": "c-v1"])
        #expect(house.state.execution(execution.id)?.end?.outcome == .succeeded)
        #expect(scene.hands.begun.count == 1)
    }

    @Test func `waits for nobody who comes with something else`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition()
        try Scene.ship("v1", definition, &scene, &house)
        let staging = try #require(StageName("staging"))
        try house.turn(
            [
                Message(.close(definition.name, staging, reason: "no"), by: Scene.person),
                Scene.start(definition, at: "c-v2"),
            ], at: scene.now)
        try scene.pass(5, &house)
        #expect(try Self.promote(&scene, &house) == nil)
        #expect(
            house.state.execution(ExecutionID(definition.name, 3))?.end?.outcome == .succeeded)
        #expect(house.state.execution(ExecutionID(definition.name, 2))?.isFinished == false)
    }

    @Test func `is refused where it would not be the same, or is no longer what was shown`() throws
    {
        var scene = try Scene()
        var house = try scene.house()
        try Scene.ship("v1", try Self.definition(artifact: "other"), &scene, &house)
        let other = try Self.promote(&scene, &house)
        #expect(
            other?.problem == "stage 'ship' deploys 'other', which is not what is in 'staging'")
        try house.turn([Message(.define(try Self.definition()), by: Scene.person)], at: scene.now)
        let stale = try Self.promote(&scene, &house, seeing: 7)
        #expect(stale?.problem == "r7 is no longer in 'staging': it is r1")
        #expect(try Self.promote(&scene, &house, seeing: 1) == nil)
    }

    @Test func `is refused where there is nothing`() throws {
        var scene = try Scene()
        var house = try scene.house()
        try house.turn([Message(.define(try Self.definition()), by: Scene.person)], at: scene.now)
        let why = try Self.promote(&scene, &house)
        #expect(why?.problem == "there is nothing in environment 'staging' that could be promoted")
    }
}
