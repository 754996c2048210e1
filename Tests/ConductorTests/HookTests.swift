import Assignments
import Conductor
import Deployment
import Engine
import Pipelines
import Store
import Testing

@Suite("A hook of a deployment") struct HookTests {
    private typealias Scene = EstateScene
    private typealias Home = House<SQLiteStore, QuickHands>

    private static func definition(
        _ hooks: String, strategy: String = "all-at-once"
    ) throws -> Definition {
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
                      strategy: \(strategy)
                      hooks: { \(hooks) }
            """
        let reading = Definition.read(Array(text.utf8))
        return try #require(reading.definition, "\(reading.diagnostics)")
    }

    private static func begun(_ scene: Scene) -> [String] {
        scene.hands.begun.map(\.attempt).filter(\.job.isHook).map(\.description)
    }

    private static func site(_ scene: Scene, _ house: borrowing Home) throws -> Site {
        try #require(house.state.environments[scene.prod]).site
    }

    @Test func `is run once, in its place, on what is deployed`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let hooks = """
            after-traffic: ./announce, before-install: { run: ./migrate, limits: { memory: 1GiB }, \
            environment: { C: "#{app.commit}" }, secrets: { DB: database }, network: outbound }
            """
        try Scene.ship("v1", try Self.definition(hooks), &scene, &house)
        let ids = ["shop/1/ship:1/@before-install-go#1", "shop/1/ship:1/@after-traffic-go#1"]
        #expect(Self.begun(scene) == ids)
        let told = try #require(scene.hands.begun.first { $0.attempt.job.isHook })
        #expect(told.steps.map(\.script.value) == ["./migrate"])
        #expect(told.environment["C"] == "c-v1")
        #expect(told.environment["SLIPWAY_ENVIRONMENT"] == "prod")
        #expect(told.environment["SLIPWAY_RELEASE"] == "r1")
        #expect(told.secrets.map(\.asVariable) == ["DB"])
        #expect(told.limits.memory?.bytes == 1 << 30)
        #expect(told.limits.time == .seconds(600))
        #expect(told.network == .outbound)
        let input = try #require(told.inputs.first)
        let binary = try #require(ArtifactName("binary"))
        #expect(told.inputs.count == 1)
        #expect(input.content == .artifact(Artifact(name: binary, digest: "v1")))
        #expect(try Self.site(scene, house).current == ReleaseID(1))
        #expect(try Self.site(scene, house).rollout == nil)
    }

    @Test func `that fails turns the deployment back, and what follows on that is run`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition("test-traffic: ./probe, after-rollback: ./tidy")
        try Scene.ship("v1", definition, &scene, &house)
        scene.hands.hooks = [
            .testTraffic: .finished(.init(end: .failed(.failed, "exit code 3:\nno such page")))
        ]
        _ = house.news()
        try Scene.ship("v2", definition, &scene, &house)
        let site = try Self.site(scene, house)
        #expect(site.current == ReleaseID(1))
        #expect(
            Self.begun(scene).suffix(2).map { $0.split(separator: "/").last } == [
                "@test-traffic-go#1", "@after-rollback-go#1",
            ])
        let why = "turned back: hook 'test-traffic' failed: exit code 3:\nno such page"
        #expect(Scene.ends(house.news()).last == .failed(.failed, why))
    }

    @Test func `is not begun again by the next house, and not while it is not known to be dead`()
        throws
    {
        var scene = try Scene()
        let definition = try Self.definition("before-install: ./migrate, after-rollback: ./tidy")
        scene.hands.hooks = [.beforeInstall: .running]
        do {
            var house = try scene.house()
            try Scene.ship("v1", definition, &scene, &house)
        }
        var house = try scene.house()
        try scene.pass(10, &house)
        #expect(Self.begun(scene) == ["shop/1/ship:1/@before-install-go#1"])
        // Whoever kills it takes a while.
        scene.hands.isSlow = true
        try house.turn(
            [
                Message(
                    .environment(scene.prod, .turnBack(by: "ada", reason: "no")), by: Scene.person)
            ], at: scene.now)
        try scene.pass(10, &house)
        #expect(Self.begun(scene).count == 1)
        let attempt = try #require(scene.hands.killed.first)
        #expect(attempt.description == "shop/1/ship:1/@before-install-go#1")
        scene.hands.observed[attempt] = .finished(.init(end: .stopped))
        try scene.pass(10, &house)
        #expect(Self.begun(scene).last == "shop/1/ship:1/@after-rollback-go#1")
        #expect(try Self.site(scene, house).rollout == nil)
        #expect(house.state.runners.underWay.isEmpty)
    }

    @Test func `that waits for a place is said to, and is not begun any more if all goes back`()
        throws
    {
        var scene = try Scene()
        var house = try scene.house()
        let small = try Self.definition("before-install: { run: ./migrate, runner: small }")
        let runner = try #require(RunnerName("small"))
        try house.turn(
            [Message(.configure(runner, places: 0), by: Scene.person)], at: scene.now)
        try Scene.ship("v1", small, &scene, &house)
        let execution = ExecutionID(small.name, 1)
        #expect(house.state.why(execution).map(\.waitsFor) == ["runner 'small' has no places"])
        #expect(house.state.why(execution).map(\.subject) == ["hook 'before-install'"])
        _ = house.news()
        try house.turn(
            [Message(.stop(execution, .abandon, reason: "no"), by: Scene.person)], at: scene.now)
        try scene.pass(5, &house)
        #expect(Self.begun(scene).isEmpty)
        #expect(house.state.runners.queue.isEmpty)
        #expect(Scene.ends(house.news()).contains(.stopped))
        #expect(try Self.site(scene, house).rollout == nil)
    }

    @Test func `is run on the way back to a release as well, but for what prepares one`() throws {
        var scene = try Scene()
        var house = try scene.house()
        let definition = try Self.definition("before-install: ./migrate, after-traffic: ./tell")
        for version in ["v1", "v2"] { try Scene.ship(version, definition, &scene, &house) }
        scene.hands.begun = []
        try house.turn(
            [Message(.putBack(scene.prod, to: nil, by: nil), by: Scene.person)], at: scene.now)
        try scene.pass(1, &house)
        #expect(try Self.site(scene, house).current == ReleaseID(1))
        let hooks = scene.hands.begun
        #expect(hooks.map(\.attempt.visit.execution.number) == [1])
        #expect(hooks.map(\.steps.first?.script.value) == ["./tell"])
        #expect(hooks.allSatisfy { $0.attempt.number > 1 })
        #expect(hooks.first?.environment["SLIPWAY_RELEASE"] == "r1")
        #expect(hooks.first?.environment["SLIPWAY_PREVIOUS"] == "r2")
    }
}
