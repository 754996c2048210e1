import Deployment
import Pipelines
import Support
import Testing

/// What a deployment at AWS goes through, as a double plays it: moto never moves.
@Suite(
    "A deployment that ECS carries out",
    .enabled(if: TestMoto.server != nil, "\(TestMoto.reason)"))
struct TimelineTests {
    @Test(
        "is told of step by step, by each strategy",
        arguments: [
            (Strategy.plain, "1 of 2 tasks run, 1 to come", "ROLLING"),
            (.allAtOnce, "2 of 2 tasks run", "ROLLING"),
            (.blueGreen(bake: .seconds(300), keep: .zero), "bake time", "BLUE_GREEN"),
            (
                .canary(steps: [.init(percent: 20, time: .seconds(60))], bake: .seconds(60)),
                "20 % of the requests", "\"canaryBakeTimeInMinutes\": 1, \"canaryPercent\": 20"
            ),
            (
                .linear(percent: 25, every: .seconds(120), bake: .zero), "75 % of the requests",
                "\"stepBakeTimeInMinutes\": 2, \"stepPercent\": 25"
            ),
        ])
    func strategies(strategy: Strategy, told: String, asked: String) throws {
        let house = try EntrustedHouse()
        try house.deploy(1, "good", by: strategy, rule: .plain(", container: web, alarms: [a, b]"))
        #expect(house.site.current == ReleaseID(1))
        #expect(house.progress.contains { $0.contains(told) }, "\(house.progress)")
        let seen = try house.seen
        #expect(seen.problems == [])
        #expect(seen.begun == [seen.current])
        #expect(seen.configuration.contains(asked), "\(seen.configuration)")
        #expect(seen.configuration.contains("\"alarmNames\": [\"a\", \"b\"]"))
        let images = try #require(seen.images[seen.current])
        #expect(images["web"]?.hasPrefix("example.com/shop-good@sha256:1111") == true)
        #expect(images["sidecar"] == "example.com/proxy:1")
        #expect(
            seen.labels[seen.current]
                == ["slipway:environment": "prod", "slipway:release": "r1"])
    }

    @Test(
        "is turned back when AWS does, and says why",
        arguments: [
            (
                "breaks",
                [
                    "circuit breaker", "Essential container in task exited",
                    "container 'web' exited with code 3", "\ncannot open the database",
                    "\n1 unhealthy behind the balancer: Health checks failed with these codes",
                ]
            ),
            ("alarming", ["alarm shop-5xx rang"]),
        ])
    func bad(manner: String, causes: [String]) throws {
        let house = try EntrustedHouse()
        try house.deploy(1, "good")
        let before = try house.seen.current
        try house.deploy(2, manner)
        guard case .turnedBack(let why)? = house.site.last else {
            Issue.record("it ended otherwise: \(String(describing: house.site.last))")
            return
        }
        for cause in causes { #expect(why.contains(cause), "\(why)") }
        #expect(house.site.current == ReleaseID(1))
        let seen = try house.seen
        #expect(seen.problems == [])
        #expect(seen.current == before)
        #expect(seen.begun.count == 2)
    }

    @Test func `goes back when a hook of AWS's refuses it`() throws {
        let house = try EntrustedHouse()
        try house.deploy(1, "hooked", by: .blueGreen(bake: .zero, keep: .zero))
        guard case .turnedBack(let why)? = house.site.last else {
            Issue.record("it ended otherwise: \(String(describing: house.site.last))")
            return
        }
        #expect(why.hasPrefix("Lifecycle hook look failed at POST_TEST_TRAFFIC_SHIFT."))
        #expect(house.site.current == nil)
    }

    @Test func `is stuck when AWS cannot go back`() throws {
        let house = try EntrustedHouse()
        try house.deploy(1, "unbackable")
        guard case .stuck(let why)? = house.site.last else {
            Issue.record("it ended otherwise: \(String(describing: house.site.last))")
            return
        }
        #expect(why.contains("ECS could not go back"))
    }

    @Test func `that a person turns back is stopped at AWS`() throws {
        let house = try EntrustedHouse()
        try house.deploy(1, "good")
        let before = try house.seen.current
        try house.deploy(2, "stuck") { if case .entrustedTold = $0 { true } else { false } }
        try house.tell(.turnBack(by: "ada", reason: "no"))
        try house.goOn()
        #expect(house.site.last == .turnedBack(cause: "ada asked for it: no"))
        let seen = try house.seen
        #expect(seen.calls.contains("StopServiceDeployment") && seen.current == before)
        #expect(seen.problems == [] && seen.begun.count == 2)
    }

    @Test func `is asked for again while AWS says that it is too much`() throws {
        let house = try EntrustedHouse()
        try house.deploy(1, "throttled")
        #expect(house.site.current == ReleaseID(1))
        #expect(try house.seen.begun.count == 1)
    }

    @Test(
        "is begun once, wherever the house was killed",
        arguments: ["good", "breaks", "mute"], [0, 2, 4])
    func once(manner: String, place: Int) throws {
        let house = try EntrustedHouse()
        try house.deploy(1, "good")
        var heard = 0
        try house.deploy(2, manner) { _ in
            heard += 1
            return heard > place + 3
        }
        try house.restart()
        try house.tell(.look)
        try house.goOn()
        let seen = try house.seen
        #expect(seen.problems == [])
        #expect(seen.begun.count == 2)
        #expect(house.site.current == ReleaseID(manner == "breaks" ? 1 : 2))
    }

    @Test(
        "is not begun where it cannot be, and says why",
        arguments: [
            (", container: other", "the task has no container 'other'; it has 'web', 'sidecar'"),
            (", task: taskdef.json", "cannot read 'taskdef.json' of the templates"),
            (
                ", code-deploy: { application: a, group: g }",
                "ECS itself carries out the deployments of service 's'; remove 'code-deploy'"
            ),
        ])
    func hindered(more: String, why: String) throws {
        let house = try EntrustedHouse()
        let more = more.hasPrefix(", container") ? more : ", container: web" + more
        try house.deploy(1, "good", rule: .plain(more), templates: "a")
        guard case .turnedBack(let cause)? = house.site.last else {
            Issue.record("it ended otherwise: \(String(describing: house.site.last))")
            return
        }
        #expect(cause.contains(why), "\(cause)")
        #expect(try house.seen.begun == [])
    }

    @Test func `is made from a template, at its placeholder`() throws {
        let template = """
            {"family":"made","containerDefinitions":[{"name":"app","image":"<IMAGE1_NAME>"}]}
            """
        let house = try EntrustedHouse(templates: ["aws/taskdef.json": template])
        try house.deploy(1, "good", rule: .plain(", task: aws/taskdef.json"), templates: "a")
        let seen = try house.seen
        #expect(seen.problems == [])
        #expect(seen.current.contains("task-definition/made:"))
        #expect(seen.images[seen.current]?.keys.sorted() == ["app"])
    }
}
