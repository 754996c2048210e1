import Conductor
import Deployment
import Engine
import Pipelines
import Store
import Support
import Testing

@Suite("A house whose environments have hours") struct FreezeWatchTests {
    private typealias Scene = EstateScene
    private typealias Home = House<SQLiteStore, QuickHands>

    private static func definition(_ hours: String) throws -> Definition {
        let text = """
            name: shop
            mode: queued
            sources: { app: { git: . } }
            environments:
              prod: { \(hours) services: { web: { run: exec ./shop, listen: 8080 } } }
            stages:
              - name: build
                actions: { make: { run: make, outputs: { binary: out } } }
              - name: ship
                actions:
                  go: { deploy: { environment: prod, artifact: binary, strategy: blue-green } }
            """
        let reading = Definition.read(Array(text.utf8))
        return try #require(reading.definition, "\(reading.diagnostics)")
    }

    private static let hours = "window: { open: 09:00-16:00 },"

    /// Open for the first hour that it lives, and then closed for one.
    private static func house(_ scene: Scene) throws -> Home {
        let store = try SQLiteStore.open(scene.folder.file("db"))
        return House(
            try Conductor.recovering(store), hands: scene.hands, estate: scene.estate,
            hours: { _, now in
                let hour = now.wall / 3_600_000
                let left = (hour + 1) * 3_600_000 - now.wall
                return HoursView(frozen: hour == 1 ? "not now" : nil, lasts: .milliseconds(left))
            }, look: { _, _ in WindowView(isOpen: true, lasts: .seconds(60)) })
    }

    @Test func `begins to deploy when they let it, and says until then what it waits for`() throws {
        var scene = try Scene()
        var house = try Self.house(scene)
        let definition = try Self.definition(Self.hours)
        try Scene.ship("v1", definition, &scene, &house)
        #expect(house.state.environments[scene.prod]?.site.current == ReleaseID(1))
        try scene.pass(3_700, &house)
        try Scene.ship("v2", definition, &scene, &house)
        #expect(house.state.environments[scene.prod]?.site.rollout == nil)
        let why = house.state.why(ExecutionID(definition.name, 2))
        #expect(why.map(\.waitsFor) == ["environment 'prod' is frozen: not now"])
        try scene.pass(3_700, &house)
        #expect(house.state.environments[scene.prod]?.site.current == ReleaseID(2))
    }

    @Test func `lets begin what waits when the definition has none any more`() throws {
        var scene = try Scene()
        var house = try Self.house(scene)
        try scene.pass(3_700, &house)
        try Scene.ship("v1", try Self.definition(Self.hours), &scene, &house)
        #expect(house.state.environments[scene.prod]?.site.current == nil)
        let free = try Self.definition("")
        try house.turn([Message(.define(free), by: Scene.person)], at: scene.now)
        try scene.pass(1, &house)
        #expect(house.state.environments[scene.prod]?.site.current == ReleaseID(1))
    }

    @Test func `looks at the calendar before it takes up again what waited in an earlier one`()
        throws
    {
        var scene = try Scene()
        do {
            var house = try Self.house(scene)
            try Scene.ship("v1", try Self.definition(Self.hours), &scene, &house)
        }
        // It is away until the next hour has begun.
        scene.time = 3_600_000
        var house = try Self.house(scene)
        try Scene.ship("v2", try Self.definition(Self.hours), &scene, &house)
        #expect(house.state.environments[scene.prod]?.site.current == ReleaseID(1))
        #expect(house.state.environments[scene.prod]?.site.queue.count == 1)
    }
}
