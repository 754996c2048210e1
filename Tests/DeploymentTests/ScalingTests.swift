import Deployment
import Pipelines
import Testing

@Suite("Instances for what is asked of them") struct ScalingTests {
    private var scene: Scene

    init() throws {
        scene = try Scene()
        scene.scaling = ScalingRule(2...5, requests: 50, atOnce: nil)
        try scene.settle(1)
    }

    private mutating func need(_ count: Int) throws {
        try scene.tell(.see(.needed(scene.web, count, "much is asked")))
        try scene.pass(.seconds(60))
    }

    @Test mutating func `there are more when more are needed, and all of them get requests`() throws
    {
        try need(4)
        #expect(scene.count(of: 1) == 4)
        #expect(scene.site.routing(of: scene.web).instances.count == 4)
        #expect(scene.site.drift.isEmpty)
    }

    @Test mutating func `those who go for want of work finish what they have`() throws {
        try need(4)
        scene = scene.forgettingEvents
        try scene.tell(.see(.needed(scene.web, 2, "little is asked")))
        let leavers = scene.events.compactMap { event in
            if case .instanceLeaving(let instance) = event { instance } else { nil }
        }
        #expect(leavers.count == 2)
        #expect(scene.events.contains(.scaled(role: scene.web, count: 2, cause: "little is asked")))
        try scene.pass(.seconds(60))
        #expect(scene.count(of: 1) == 2)
    }

    @Test mutating func `there are never more than the most`() throws {
        try need(50)
        #expect(scene.count(of: 1) == 5)
        try need(60)
        let changes = scene.events.count { event in
            if case .scaled = event { true } else { false }
        }
        #expect(changes == 1)
    }

    @Test mutating func `the next version has as many as are needed`() throws {
        try need(4)
        let order = RolloutOrder(
            scene.release(2), by: .blueGreen(bake: .seconds(60), keep: .seconds(600)))
        try scene.tell(.deploy(order))
        #expect(scene.count(of: 2) == 4)
        // Nobody goes while it is not proven; more may come while it is watched.
        try need(2)
        #expect(
            scene.site.count(of: try #require(scene.site.releases[ReleaseID(2)]?.roles.first)) == 4)
    }

    @Test mutating func `more may come while a version is watched`() throws {
        let order = RolloutOrder(
            scene.release(2),
            by: .canary(steps: [.init(percent: 50, time: .seconds(600))], bake: .zero))
        try scene.tell(.deploy(order))
        #expect(scene.share(of: 2) == 50)
        try scene.tell(.see(.needed(scene.web, 5, "much is asked")))
        #expect(scene.count(of: 1) == 5)
        #expect(scene.count(of: 2) == 5)
        #expect(scene.share(of: 2) == 50)
    }

    @Test mutating func `a version that says how many it has does not change`() throws {
        scene.scaling = nil
        try scene.tell(.deploy(RolloutOrder(scene.release(2, count: 3), by: .allAtOnce)))
        try scene.pass(.seconds(60))
        try need(5)
        #expect(scene.count(of: 2) == 3)
    }
}
