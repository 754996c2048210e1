import Deployment
import Pipelines
import Testing

@Suite("A frozen environment") struct FreezeTests {
    private let reason = "the sale (to the end of 2027-01-03, Europe/Berlin)"

    /// r1 is there, and it is frozen.
    private func frozen() throws -> Scene {
        var scene = try Scene()
        try scene.settle(1)
        try scene.tell(.hours(frozen: reason))
        return scene
    }

    private func order(_ number: Int, _ scene: Scene, person: String? = nil) -> SiteCommand {
        .deploy(
            RolloutOrder(scene.release(number), by: .allAtOnce, person: person, heedsHours: true))
    }

    @Test func `lets nothing newer begin until it is over`() throws {
        var scene = try frozen()
        try scene.tell(order(2, scene))
        try scene.pass(.seconds(3_600))
        #expect(scene.site.current == ReleaseID(1))
        #expect(scene.site.rollout == nil)
        #expect(scene.site.frozen?.reason == reason)
        try scene.tell(.hours(frozen: nil))
        try scene.pass(.seconds(60))
        #expect(scene.site.current == ReleaseID(2))
    }

    @Test func `lets people go back, past what waits`() throws {
        var scene = try Scene()
        for number in 1...2 { try scene.settle(number) }
        try scene.tell(.hours(frozen: reason))
        try scene.tell(order(3, scene))
        try scene.tell(order(1, scene, person: "ada"))
        try scene.pass(.seconds(60))
        #expect(scene.site.current == ReleaseID(1))
        #expect(scene.site.queue.map(\.release.id) == [ReleaseID(3)])
    }

    @Test func `lets begin what somebody lets through with a reason, and nothing after that`()
        throws
    {
        var scene = try frozen()
        try scene.tell(order(2, scene))
        try scene.tell(.letThrough(by: "eve", reason: "a hole"))
        try scene.pass(.seconds(60))
        #expect(scene.site.current == ReleaseID(2))
        #expect(
            scene.events.contains(.letThrough(release: ReleaseID(2), by: "eve", reason: "a hole")))
        try scene.tell(order(3, scene))
        try scene.pass(.seconds(60))
        #expect(scene.site.current == ReleaseID(2))
    }

    @Test func `is let through only where something waits`() throws {
        var scene = try frozen()
        let refusal = #expect(throws: SiteRefusal.self) {
            try scene.tell(.letThrough(by: "eve", reason: "why not"))
        }
        #expect(refusal?.problem == "nothing waits for a freeze to end")
    }

    @Test func `holds what heeds its hours before anybody has looked at a calendar`() throws {
        var scene = try Scene()
        try scene.tell(order(1, scene))
        #expect(scene.site.rollout == nil)
        try scene.tell(.hours(frozen: nil))
        try scene.pass(.seconds(60))
        #expect(scene.site.current == ReleaseID(1))
    }

    @Test func `lets go on what was under way`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let slow = Strategy.blueGreen(bake: .seconds(60), keep: .zero)
        try scene.tell(.hours(frozen: nil))
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: slow, heedsHours: true)))
        try scene.tell(.hours(frozen: reason))
        try scene.pass(.seconds(120))
        #expect(scene.site.current == ReleaseID(2))
    }
}
