import Deployment
import Pipelines
import Testing

@Suite("Who is in whose way") struct PeopleTests {
    private let slow = Strategy.blueGreen(bake: .seconds(60), keep: .zero)

    @Test func `one deployment waits for another, and the first to come is the first to go`() throws
    {
        var scene = try Scene()
        try scene.settle(1)
        for number in 2...4 {
            try scene.tell(.deploy(RolloutOrder(scene.release(number), by: slow)))
        }
        #expect(scene.site.rollout?.to == ReleaseID(2))
        #expect(scene.site.queue.map(\.release.id) == [ReleaseID(3), ReleaseID(4)])
        try scene.pass(.seconds(400))
        #expect(scene.site.current == ReleaseID(4))
        let begun = scene.events.compactMap { event in
            if case .begun(let release) = event { release.number } else { nil }
        }
        #expect(begun == [1, 2, 3, 4])
    }

    @Test func `the newest wins where that is asked for, and what is under way goes on`() throws {
        var scene = try Scene()
        try scene.settle(1)
        for number in 2...4 {
            try scene.tell(
                .deploy(RolloutOrder(scene.release(number), by: slow, outdatesWaiting: true)))
        }
        #expect(scene.site.rollout?.to == ReleaseID(2))
        #expect(scene.events.contains(.dropped(release: ReleaseID(3), reason: "r4 came after it")))
        try scene.pass(.seconds(400))
        #expect(scene.site.current == ReleaseID(4))
    }

    @Test func `nothing begins while it is locked, and what is under way goes on`() throws {
        var scene = try Scene()
        try scene.settle(1)
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: slow)))
        try scene.tell(.lock(by: "grace", reason: "a sale is on"))
        try scene.tell(.deploy(RolloutOrder(scene.release(3), by: slow)))
        try scene.pass(.seconds(400))
        #expect(scene.site.current == ReleaseID(2))
        #expect(scene.site.rollout == nil)
        try scene.tell(.unlock(by: "grace"))
        #expect(scene.site.rollout?.to == ReleaseID(3))
    }

    @Test func `a lock is taken over only on purpose`() throws {
        var scene = try Scene()
        try scene.tell(.lock(by: "grace", reason: "a sale is on"))
        let refusal = #expect(throws: SiteRefusal.self) {
            try scene.tell(.lock(by: "ada", reason: "mine"))
        }
        #expect(refusal?.problem == "grace has locked the environment: a sale is on")
        try scene.tell(.lock(by: "ada", reason: "mine", steals: true))
        #expect(scene.site.lock?.person == "ada")
    }

    @Test func `what a person has left is put back by a person only`() throws {
        var scene = try Scene()
        try scene.settle(1)
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: slow)))
        try scene.pass(.seconds(100))
        try scene.tell(.deploy(RolloutOrder(scene.release(1), by: .allAtOnce, person: "ada")))
        try scene.pass(.seconds(100))
        #expect(scene.site.current == ReleaseID(1))
        let again = Release(ReleaseID(3), version: "sha256:2", roles: scene.release(2).roles)
        let refusal = #expect(throws: SiteRefusal.self) {
            try scene.tell(.deploy(RolloutOrder(again, by: slow)))
        }
        #expect(refusal?.problem == "a person has left version 'sha256:2'")
        try scene.tell(.deploy(RolloutOrder(again, by: slow, person: "ada")))
        try scene.pass(.seconds(100))
        #expect(scene.site.current == ReleaseID(3))
    }

    @Test func `what is there already is not deployed`() throws {
        var scene = try Scene()
        try scene.settle(1)
        try scene.tell(.deploy(RolloutOrder(scene.release(1), by: slow, person: "ada")))
        #expect(scene.events.last == .dropped(release: ReleaseID(1), reason: "it is there already"))
    }

    @Test func `a paused deployment goes no further, and a promoted one does not wait`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let strategy = Strategy.canary(
            steps: [.init(percent: 10, time: .seconds(600))], bake: .zero)
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: strategy)))
        try scene.tell(.pause(by: "ada"))
        try scene.pass(.seconds(1_000))
        #expect(scene.share(of: 2) == 10)
        try scene.tell(.resume(by: "ada"))
        #expect(scene.share(of: 2) == 100)

        try scene.pass(.seconds(60))
        try scene.tell(.deploy(RolloutOrder(scene.release(3), by: strategy)))
        #expect(scene.share(of: 3) == 10)
        try scene.tell(.promote(by: "ada"))
        #expect(scene.share(of: 3) == 100)
    }

    @Test func `what is paused, or asks people, is not promoted, and is told why`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let strategy = Strategy.canary(
            steps: [.init(percent: 10, time: .seconds(600))], bake: .zero)
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: strategy, asks: .seconds(60))))
        let asks = #expect(throws: SiteRefusal.self) { try scene.tell(.promote(by: "ada")) }
        #expect(asks?.problem == "the deployment waits for an approval")
        try scene.tell(.approve(by: "ada"))
        #expect(scene.share(of: 2) == 10)
        try scene.tell(.pause(by: "eve"))
        let paused = #expect(throws: SiteRefusal.self) { try scene.tell(.promote(by: "ada")) }
        #expect(paused?.problem == "eve has paused the deployment, which would stay where it is")
        #expect(paused?.hint == "resume it first")
        try scene.tell(.resume(by: "ada"))
        try scene.tell(.promote(by: "ada"))
        #expect(scene.share(of: 2) == 100)
    }
}
