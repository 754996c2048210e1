import Assignments
import Conductor
import Deployment
import Engine
import Pipelines
import Store
import Support
import Testing

@Suite("What an action deploys") struct EstateTests {
    private typealias Scene = EstateScene
    private static let person = EstateScene.person

    private static func definition(
        _ name: String = "shop", strategy: String = "all-at-once"
    ) throws -> Definition {
        let text = """
            name: \(name)
            mode: queued
            sources: { app: { git: . } }
            environments:
              prod:
                services:
                  web:
                    run: exec ./shop
                    count: 2
                    listen: 8080
                    environment: { COMMIT: "#{app.commit}" }
            stages:
              - name: build
                actions: { make: { run: make, outputs: { binary: out } } }
              - name: ship
                actions:
                  go: { deploy: { environment: prod, artifact: binary, strategy: \(strategy) } }
            """
        let reading = Definition.read(Array(text.utf8))
        return try #require(reading.definition, "\(reading.diagnostics)")
    }

    @Test func `goes through its environment, and the action ends when all is there`() throws {
        var scene = try Scene()
        var house = try scene.house()
        try Scene.ship("v1", try Self.definition(), &scene, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(Scene.ends(house.news()) == [.succeeded])
        #expect(environment.site.current == ReleaseID(1))
        #expect(environment.site.instances.count == 2)
        let release = try #require(environment.site.releases[ReleaseID(1)])
        #expect(release.version == "v1")
        #expect(release.roles.first?.work?.environment == ["COMMIT": "c-v1"])
        #expect(environment.history.first?.end == .outcome(.succeeded))
        #expect(environment.history.first?.attempt?.visit.execution.number == 1)
    }

    private static let digest = "sha256:" + String(repeating: "0a", count: 32)

    @Test(
        "is an image by its digest, and nothing that could be another tomorrow",
        arguments: [
            ("r.io:5000/team/shop@\(digest)", "r.io:5000/team/shop@\(digest)"),
            ("r.io/shop:1.2@\(digest)", "r.io/shop@\(digest)"),
            ("shop@\(digest)", "docker.io/library/shop@\(digest)"), (digest, digest),
            ("r.io/shop:1.2", nil), ("", nil), ("sha256:12", nil),
        ])
    func image(named: String, version: String?) throws {
        var scene = try Scene()
        var house = try scene.house()
        let text = """
            name: shop
            sources: { app: { git: . } }
            environments: { prod: { services: { web: { listen: 8080 } } } }
            stages:
              - name: ship
                actions: { go: { deploy: { environment: prod, image: "\(named)" } } }
            """
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        try Scene.ship("none", definition, &scene, &house)
        let site = house.state.environments[scene.prod]?.site
        #expect(site?.releases[ReleaseID(1)]?.version == version)
        #expect((Scene.ends(house.news()) == [.succeeded]) == (version != nil))
    }

    @Test func `is turned back if it never becomes healthy, and the action says why`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition(strategy: "blue-green")
        try Scene.ship("v1", definition, &scene, &house)
        scene.estate.sick = ["v2"]
        try Scene.ship("v2", definition, &scene, &house)
        try scene.pass(600, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(environment.site.current == ReleaseID(1))
        #expect(environment.site.instances.values.allSatisfy { $0.release == ReleaseID(1) })
        let end = try #require(Scene.ends(house.news()).last)
        guard case .failed(.failed, let reason) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(reason.hasPrefix("turned back: 3 instances failed"))
        #expect(reason.contains("exited with code 3"))
    }

    @Test func `that is there already is no second deployment, and succeeds`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition()
        try Scene.ship("v1", definition, &scene, &house)
        try house.turn([try Scene.start(definition, at: "c-v1")], at: scene.now)
        try scene.pass(1, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(environment.history.map(\.release) == [ReleaseID(1), ReleaseID(1)])
        #expect(environment.history.last?.begun == nil)
        #expect(Scene.ends(house.news()) == [.succeeded, .succeeded])
    }

    @Test func `goes back when its execution is stopped`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let strategy = "{ canary: { steps: [{ percent: 10, time: 1h }] } }"
        let definition = try Self.definition(strategy: strategy)
        try Scene.ship("v1", definition, &scene, &house)
        try Scene.ship("v2", definition, &scene, &house)
        let web = try #require(RoleName("web"))
        var site = try #require(house.state.environments[scene.prod]).site
        #expect(site.routing(of: web).percent(of: ReleaseID(2)) == 10)
        let execution = ExecutionID(definition.name, 2)
        try house.turn(
            [Message(.stop(execution, .abandon, reason: "wrong colours"), by: Self.person)],
            at: scene.now)
        try scene.pass(1, &house)
        site = try #require(house.state.environments[scene.prod]).site
        #expect(site.routing(of: web).percent(of: ReleaseID(1)) == 100)
        #expect(site.rollout == nil)
        #expect(site.instances.values.allSatisfy { $0.release == ReleaseID(1) })
    }

    @Test func `is refused where another pipeline deploys`() throws {
        var scene = try Scene()
        var house = try scene.house()
        try Scene.ship("v1", try Self.definition(), &scene, &house)
        _ = house.news()
        try Scene.ship("v1", try Self.definition("other"), &scene, &house)
        let reason =
            "environment 'prod' is that of pipeline 'shop'; deploy to another one, or from that "
            + "pipeline"
        #expect(Scene.ends(house.news()) == [.failed(.failed, reason)])
        let shop = try #require(PipelineName("shop"))
        try house.turn([Message(.remove(shop), by: Self.person)], at: scene.now)
        let other = try Self.definition("other")
        try house.turn([try Scene.start(other, at: "c-v2")], at: scene.now)
        try scene.pass(1, &house)
        #expect(house.state.environments[scene.prod]?.owner == other.name)
    }

    @Test func `is put back by a person, by the way that it came`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition()
        for version in ["v1", "v2"] { try Scene.ship(version, definition, &scene, &house) }
        try house.turn(
            [Message(.putBack(scene.prod, to: nil, by: nil), by: Self.person)], at: scene.now)
        try scene.pass(1, &house)
        let environment = try #require(house.state.environments[scene.prod])
        #expect(environment.site.current == ReleaseID(1))
        #expect(environment.history.last?.by == Self.person)
        #expect(environment.history.last?.end == .outcome(.succeeded))
        // What a person has left is not put back by automation.
        _ = house.news()
        try house.turn([try Scene.start(definition, at: "c-v2")], at: scene.now)
        try scene.pass(1, &house)
        let reason = "a person has left version 'v2'; automation does not put it back; a person can"
        #expect(Scene.ends(house.news()) == [.failed(.failed, reason)])
    }

    @Test func `is no name for a runner that runs anything`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let text = """
            name: odd
            sources: { app: { git: . } }
            stages: [{ name: ship, actions: { go: { run: x, runner: deployments } } }]
            """
        let definition = try #require(Definition.read(Array(text.utf8)).definition)
        try house.turn(
            [Message(.define(definition), by: Self.person), Scene.start(definition, at: "c-v1")],
            at: scene.now)
        try scene.pass(1, &house)
        #expect(
            Scene.ends(house.news()) == [
                .failed(
                    .couldNotStart,
                    "nothing runs on 'deployments', where deployments take turns")
            ])
    }

    @Test func `goes on in the next house from where it was`() throws {
        var scene = try Scene()
        let strategy = "{ canary: { steps: [{ percent: 10, time: 1h }] } }"
        do {
            var house = try scene.house()
            let definition = try Self.definition(strategy: strategy)
            for version in ["v1", "v2"] { try Scene.ship(version, definition, &scene, &house) }
            #expect(house.state.environments[scene.prod]?.site.rollout != nil)
        }
        var house = try scene.house()
        try scene.pass(3_700, &house)
        #expect(house.state.environments[scene.prod]?.site.current == ReleaseID(2))
        #expect(Scene.ends(house.news()) == [.succeeded])
    }
}
