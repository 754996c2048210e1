import Deployment
import Pipelines
import Testing

@Suite struct TurningBackTests {
    private let blueGreen = Strategy.blueGreen(bake: .seconds(60), keep: .zero)

    @Test func `a version that never becomes healthy gets no traffic, and its cause is told`()
        throws
    {
        var scene = try Scene()
        try scene.settle(1)
        scene.sick = [ReleaseID(2)]
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: blueGreen)))
        try scene.pass(.seconds(600))
        guard case .turnedBack(let cause)? = scene.site.last else {
            Issue.record("it ended with \(String(describing: scene.site.last))")
            return
        }
        #expect(cause.contains("was not healthy within 30s"))
        #expect(scene.site.current == ReleaseID(1))
        #expect(scene.count(of: 2) == 0)
        #expect(
            !scene.events.contains { event in
                if case .routed(_, let routing) = event {
                    routing.percent(of: ReleaseID(2)) > 0
                } else {
                    false
                }
            })
    }

    @Test func `an alarm while it is watched puts all traffic back`() throws {
        var scene = try Scene()
        try scene.settle(1)
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: blueGreen)))
        #expect(scene.share(of: 2) == 100)
        try scene.tell(.see(.alarm("5 in 100 answers are 500")))
        #expect(scene.share(of: 1) == 100)
        try scene.pass(.seconds(60))
        #expect(scene.site.last == .turnedBack(cause: "alarm: 5 in 100 answers are 500"))
        #expect(scene.count(of: 2) == 0)
    }

    @Test func `a person who rejects it is told as the cause`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let order = RolloutOrder(scene.release(2), by: blueGreen, asks: .seconds(600))
        try scene.tell(.deploy(order))
        #expect(scene.share(of: 2) == 0)
        try scene.tell(.reject(by: "grace", reason: "the colours are wrong"))
        try scene.pass(.seconds(60))
        #expect(scene.site.last == .turnedBack(cause: "grace rejected it: the colours are wrong"))
    }

    @Test func `a failed hook before the traffic leaves the old version alone`() throws {
        var scene = try Scene()
        try scene.settle(1)
        var site = scene.site
        let order = RolloutOrder(scene.release(2), by: blueGreen, hooks: [.beforeInstall])
        let now = scene.now
        _ = try site.decide(.deploy(order), at: now)
        let events = try site.decide(
            .see(.hookEnded(.beforeInstall, problem: "the migration failed")), at: now)
        #expect(events.contains(.turnedBack(cause: "the migration failed")))
        #expect(site.routing(of: scene.web).percent(of: ReleaseID(1)) == 100)
    }

    @Test func `instances that die one after the other break it off before its time`() throws {
        var scene = try Scene()
        try scene.settle(1)
        scene.sick = [ReleaseID(2)]
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: blueGreen)))
        var deaths = 0
        while scene.site.rollout?.isGoingBack == false, deaths < 10 {
            guard let instance = scene.site.instances(of: ReleaseID(2), scene.web).first else {
                try scene.pass(.seconds(1))
                continue
            }
            deaths += 1
            try scene.tell(.see(.gone(instance.id, "exited with code 1")))
        }
        #expect(deaths == 3)
    }

    @Test func `when nobody is left of the new version its part goes to the old one`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let strategy = Strategy.canary(
            steps: [.init(percent: 20, time: .seconds(600))], bake: .zero)
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: strategy)))
        #expect(scene.share(of: 2) == 20)
        for instance in scene.site.instances(of: ReleaseID(2), scene.web) {
            scene.sick = [ReleaseID(2)]
            try scene.tell(.see(.gone(instance.id, "was killed")))
        }
        #expect(scene.share(of: 1) == 100)
    }

    @Test func `when half of it dies after it was healthy`() throws {
        var scene = try Scene()
        try scene.settle(1)
        let canary = Strategy.canary(steps: [.init(percent: 10, time: .seconds(60))], bake: .zero)
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: canary)))
        #expect(scene.share(of: 2) == 10)
        let new = try #require(scene.site.instances(of: ReleaseID(2), scene.web).first)
        try scene.tell(.see(.gone(new.id, "exited with code 3")))
        #expect(
            scene.events.contains(
                .turnedBack(
                    cause: "an instance failed, the last one so: \(new.id) exited with code 3")))
        #expect(scene.share(of: 1) == 100)
    }

    @Test func `and says why nothing became healthy`() throws {
        var scene = try Scene()
        try scene.settle(1)
        scene.sick = [ReleaseID(2)]
        try scene.tell(.deploy(RolloutOrder(scene.release(2), by: .allAtOnce)))
        let new = try #require(scene.site.instances(of: ReleaseID(2), scene.web).first)
        for words in ["nobody listens", "it listens on 8081"] {
            try scene.tell(.see(.ailing(new.id, words)))
        }
        try scene.pass(.seconds(31))
        #expect(
            scene.events.contains(
                .instanceUnhealthy(
                    instance: new.id,
                    cause: "was not healthy within 30s: it listens on 8081")))
    }

    @Test func `words that change all the time are heard for a while`() throws {
        var scene = try Scene()
        scene.sick = [ReleaseID(1)]
        try scene.tell(.deploy(RolloutOrder(scene.release(1), by: .allAtOnce)))
        let new = try #require(scene.site.instances(of: ReleaseID(1), scene.web).first)
        for number in 1...20 { try scene.tell(.see(.ailing(new.id, "try \(number)"))) }
        #expect(scene.site.instances[new.id]?.ailment == "try 5")
    }
}
