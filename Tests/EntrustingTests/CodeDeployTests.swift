import Deployment
import Pipelines
import Support
import Testing

/// What a deployment by CodeDeploy goes through, as a double plays it: moto never moves.
@Suite(
    "A deployment that CodeDeploy carries out",
    .enabled(if: TestMoto.server != nil, "\(TestMoto.reason)"))
struct CodeDeployTests {
    private func rule(_ more: String = "") throws -> ECSRule {
        try .plain(", container: web, code-deploy: { application: a, group: g\(more) }")
    }

    @Test(
        "is asked for by its own configurations",
        arguments: [
            (Strategy.plain, nil), (.allAtOnce, "CodeDeployDefault.ECSAllAtOnce"),
            (
                .canary(steps: [.init(percent: 10, time: .seconds(300))], bake: .zero),
                "CodeDeployDefault.ECSCanary10Percent5Minutes"
            ),
            (
                .linear(percent: 10, every: .seconds(180), bake: .zero),
                "CodeDeployDefault.ECSLinear10PercentEvery3Minutes"
            ),
        ] as [(Strategy, String?)])
    func configurations(strategy: Strategy, name: String?) throws {
        let house = try EntrustedHouse(.codeDeploy)
        try house.deploy(1, "good", by: strategy, rule: rule())
        #expect(house.site.current == ReleaseID(1))
        #expect(house.progress.contains("2 of 2 tasks run; 100 % of the requests"))
        let seen = try house.seen
        #expect(seen.problems == [])
        #expect(seen.begun == [seen.current])
        let asked = try #require(seen.codeDeploy.first)
        #expect(asked.contains("deploymentConfigName") == (name != nil))
        if let name { #expect(asked.contains(name)) }
        #expect(asked.contains("ContainerPort: 8080"))
    }

    @Test func `fills in an AppSpec of the templates`() throws {
        let appspec = "version: 0.0\nTaskDefinition: \"<TASK_DEFINITION>\"\nHooks: []\n"
        let house = try EntrustedHouse(.codeDeploy, templates: ["appspec.yaml": appspec])
        try house.deploy(1, "good", rule: rule(", appspec: appspec.yaml"), templates: "a")
        let asked = try #require(try house.seen.codeDeploy.first)
        #expect(asked.contains("Hooks: []") && !asked.contains("<TASK_DEFINITION>"))
    }

    @Test func `is turned back when it fails, and says why`() throws {
        let house = try EntrustedHouse(.codeDeploy)
        try house.deploy(1, "good", rule: rule())
        try house.deploy(2, "breaks", rule: rule())
        guard case .turnedBack(let why)? = house.site.last else {
            Issue.record("it ended otherwise: \(String(describing: house.site.last))")
            return
        }
        #expect(why.contains("The ECS service is not steady.; HEALTH_CONSTRAINTS"))
        #expect(why.contains("exited with code 3"))
        #expect(house.site.current == ReleaseID(1))
    }

    @Test func `that a person turns back is stopped there`() throws {
        let house = try EntrustedHouse(.codeDeploy)
        try house.deploy(1, "good", rule: rule())
        let before = try house.seen.current
        try house.deploy(2, "stuck", rule: rule()) { event in
            if case .entrustedTold = event { true } else { false }
        }
        try house.tell(.turnBack(by: "ada", reason: "no"))
        try house.goOn()
        let seen = try house.seen
        #expect(seen.calls.contains("StopDeployment") && seen.current == before)
        #expect(seen.problems == [])
    }

    @Test(
        "is begun once, wherever the house was killed",
        arguments: ["good", "mute"], [0, 2])
    func once(manner: String, place: Int) throws {
        let house = try EntrustedHouse(.codeDeploy)
        var heard = 0
        try house.deploy(1, manner, rule: rule()) { _ in
            heard += 1
            return heard > place
        }
        try house.restart()
        try house.tell(.look)
        try house.goOn()
        let seen = try house.seen
        #expect(seen.problems == [] && seen.begun.count == 1)
        #expect(house.site.current == ReleaseID(1))
    }
}
