import Deployment
import Pipelines
import Testing

@Suite("What runs against what should run") struct DriftTests {
    private static func sentences(_ scene: Scene) -> [String] { scene.site.drift.map(\.sentence) }

    @Test func `is the same when all is there and the balancer has confirmed it`() throws {
        var scene = try Scene()
        #expect(scene.site.drift == [])
        try scene.settle(1)
        #expect(scene.site.drift == [])
    }

    @Test func `tells who is missing, why the last one went and who comes`() throws {
        var scene = try Scene()
        try scene.settle(1)
        scene.sick = [ReleaseID(1)]
        try scene.tell(.see(.gone(InstanceID(1), "exited with code 3")))
        #expect(Self.sentences(scene) == ["1 of 2 of r1 missing; i1 exited with code 3"])
        try scene.pass(.seconds(2))
        #expect(
            Self.sentences(scene) == ["1 of 2 of r1 missing; i3 on the way; i1 exited with code 3"])
        #expect(scene.site.lastFailure(of: ReleaseID(1), scene.web)?.instance == InstanceID(1))
    }

    @Test func `tells who is ill, and that nobody is left to answer`() throws {
        var scene = try Scene()
        try scene.settle(1, count: 1)
        scene.sick = [ReleaseID(1)]
        try scene.tell(.see(.unhealthy(InstanceID(1), "answers 500")))
        #expect(
            Self.sentences(scene) == ["i1 of r1 is ill", "nobody answers requests"])
        #expect(scene.site.drift.map(\.kind) == [.ill, .traffic])
    }

    @Test func `tells that the balancer does not do what was decided`() throws {
        var scene = try Scene()
        try scene.settle(1)
        var site = scene.site
        _ = try site.decide(.see(.routed(scene.web, 0)), at: scene.now)
        #expect(
            site.drift.map(\.sentence)
                == ["the balancer has not confirmed who takes requests"])
    }

    @Test func `is meant while something is deployed, but for who is ill`() throws {
        var scene = try Scene()
        try scene.settle(1)
        scene.sick = [ReleaseID(2)]
        let order = RolloutOrder(
            scene.release(2), by: .blueGreen(bake: .zero, keep: .zero), person: "ada")
        try scene.tell(.deploy(order))
        #expect(scene.site.instances.count == 4)
        #expect(scene.site.drift == [])
    }
}
