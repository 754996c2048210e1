import Deployment
import Pipelines
import Support
import Testing

/// What is made where it is missing; by a double, because moto's services never have a deployment.
@Suite(
    "A service that is missing",
    .enabled(if: TestMoto.server != nil, "\(TestMoto.reason)"))
struct MadeServiceTests {
    private static let group =
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/tg"
    private static let wish = """
        , task: { cpu: 256, memory: 512, port: 8080, logs: /shop, environment: { MODE: fast } }, \
        create: { count: 3, subnets: [subnet-1], security-groups: sg-1, \
        target-group: "\(group)/1", blue-green: { target-group: "\(group)/2", \
        rule: "arn:aws:elasticloadbalancing:r", role: "arn:aws:iam::123456789012:role/lb" } }, \
        scaling: { from: 2, to: 9, cpu: 60, requests: 500 }
        """

    @Test func `is made with its task, its balancer and its scaling, once`() throws {
        let house = try EntrustedHouse(.none)
        try house.deploy(
            1, "good", by: .blueGreen(bake: .seconds(60), keep: .zero), rule: .plain(Self.wish)
        ) { if case .entrustedTold = $0 { true } else { false } }
        try house.restart()
        try house.tell(.look)
        try house.goOn()
        #expect(house.site.current == ReleaseID(1))
        let seen = try house.seen
        #expect(seen.problems == [])
        #expect(seen.calls.count { $0 == "CreateService" } == 1 && seen.begun.count == 1)
        for words in [
            "\"launchType\": \"FARGATE\"", "\"assignPublicIp\": \"DISABLED\"",
            "\"desiredCount\": 3", "\"alternateTargetGroupArn\": \"\(Self.group)/2\"",
            "\"containerName\": \"s\", \"containerPort\": 8080", "\"strategy\": \"BLUE_GREEN\"",
        ] {
            #expect(seen.made.contains(words), "\(seen.made)")
        }
        #expect(seen.scaling.contains("\"TargetValue\": 60"))
        #expect(seen.scaling.contains("\"ResourceLabel\": \"app/lb/1/targetgroup/tg/2\""))
        // What is not wanted any more goes, and what is there is not made again.
        let more = Self.wish.replacing(", requests: 500", with: "")
        try house.deploy(2, "good", rule: .plain(more))
        let after = try house.seen
        #expect(after.problems == [] && !after.scaling.contains("slipway-requests"))
        #expect(after.calls.count { $0 == "CreateService" } == 1)
    }

    @Test func `has no task left when its first version is turned back`() throws {
        let house = try EntrustedHouse(.none)
        try house.deploy(1, "stuck", rule: .plain(Self.wish)) { event in
            if case .entrustedTold = event { true } else { false }
        }
        try house.tell(.turnBack(by: "ada", reason: "no"))
        try house.goOn()
        #expect(house.site.last == .turnedBack(cause: "ada asked for it: no"))
        #expect(try house.seen.desired == 0)
    }
}
