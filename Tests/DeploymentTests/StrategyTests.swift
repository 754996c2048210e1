import Deployment
import Pipelines
import Testing

@Suite struct StrategyTests {
    @Test func `the first version of all takes the traffic when it is healthy`() throws {
        var scene = try Scene()
        try scene.settle(1)
        #expect(scene.share(of: 1) == 100)
        #expect(scene.count(of: 1) == 2)
    }

    @Test func `a canary has its part for its time, and then all`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let strategy = Strategy.canary(
            steps: [
                .init(percent: 10, time: .seconds(60)), .init(percent: 50, time: .seconds(30)),
            ],
            bake: .zero)
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: strategy)))
        #expect(scene.share(of: 2) == 10)
        try scene.pass(.seconds(59))
        #expect(scene.share(of: 2) == 10)
        try scene.pass(.seconds(1))
        #expect(scene.share(of: 2) == 50)
        try scene.pass(.seconds(60))
        #expect(scene.share(of: 2) == 100)
        #expect(scene.site.last == .succeeded)
        #expect(scene.count(of: 1) == 0)
    }

    @Test func `traffic goes over in equal steps`() throws {
        var scene = try Scene()
        try scene.settle(1)
        try scene.tell(
            .deploy(
                RolloutOrder(
                    scene.release(2), by: .linear(percent: 30, every: .seconds(10), bake: .zero))))
        var shares = [scene.share(of: 2)]
        for _ in 0..<4 {
            try scene.pass(.seconds(10))
            shares.append(scene.share(of: 2))
        }
        #expect(shares == [30, 60, 90, 100, 100])
    }

    @Test func `the old set stays as long as it is to be kept, and is an instant way back`() throws
    {
        var scene = try Scene()
        try scene.settle(1)
        let strategy = Strategy.blueGreen(bake: .seconds(20), keep: .seconds(100))
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: strategy)))
        #expect(scene.share(of: 2) == 100)
        #expect(scene.site.current == ReleaseID(1))
        try scene.pass(.seconds(20))
        #expect(scene.site.current == ReleaseID(2))
        #expect(scene.count(of: 1) == 2)
        let before = scene.events.count
        try scene.tell(.deploy(RolloutOrder(scene.release(1), by: .allAtOnce, person: "ada")))
        #expect(scene.share(of: 1) == 100)
        let launched = scene.events[before...].contains { event in
            if case .instanceOrdered = event { true } else { false }
        }
        #expect(!launched)
    }

    @Test func `what is kept goes when its time is over`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let strategy = Strategy.blueGreen(bake: .zero, keep: .seconds(100))
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: strategy)))
        try scene.pass(.seconds(99))
        #expect(scene.count(of: 1) == 2)
        try scene.pass(.seconds(20))
        #expect(scene.count(of: 1) == 0)
    }

    @Test func `while some are exchanged no fewer serve than may`() throws {
        var scene = try Scene()
        try scene.settle(1, count: 5)
        let strategy = Strategy.rolling(batch: 1, minimumHealthy: nil, maximum: nil)
        let start = scene.events.count
        try scene.tell(.deploy(RolloutOrder(scene.release(2, count: 5), by: strategy)))
        try scene.pass(.seconds(120))
        #expect(scene.site.current == ReleaseID(2))
        for case .routed(_, let routing) in scene.events[start...] {
            #expect((5...6).contains(routing.instances.count))
        }
    }

    @Test func `a pace at which nothing moves is refused`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let strategy = Strategy.rolling(batch: nil, minimumHealthy: 100, maximum: 100)
        let refusal = #expect(throws: SiteRefusal.self) {
            try scene.tell(.deploy(RolloutOrder(scene.release(2), by: strategy)))
        }
        #expect(refusal?.problem == "with 2 of 'web' none may go and none may come")
    }
}
