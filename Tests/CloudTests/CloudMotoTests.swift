import AWS
import Cloud
import Curl
import FoundationEssentials
import JSON
import Support
import Testing

/// What moto knows of ECS, CodeDeploy and CloudWatch Logs; of the deployments of services it knows
/// nothing, and none of its deployments ever moves.
@Suite(
    "Services of AWS, as moto's server plays them",
    .enabled(if: TestMoto.server != nil, "\(TestMoto.reason)"))
struct CloudMotoTests {
    private let moto: TestMoto
    private let cluster = "c-\(UUID())".lowercased()

    init() throws { moto = try #require(TestMoto.server) }

    private func client(as key: TestMoto.Key? = nil) throws -> AWSClient {
        let key = key ?? moto.able
        let environment = AWSEnvironment([
            "AWS_ENDPOINT_URL": moto.url, "AWS_ACCESS_KEY_ID": key.id,
            "AWS_SECRET_ACCESS_KEY": key.secret, "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1", "HOME": "/nonexistent",
        ])
        let outside = try Outside.world()
        return AWSClient(try AWSSettings.read(environment, outside: outside), outside: outside)
    }

    private func cloud(as key: TestMoto.Key? = nil) throws -> Cloud {
        Cloud("eu-west-1", by: try client(as: key))
    }

    /// What the product never asks for.
    private func ask(_ service: AWSService, _ target: String, _ operation: String, _ body: JSON)
        throws
    {
        let request = AWSRequest(service, operation, .json(target: target, body))
        _ = try client().ask(request, in: "eu-west-1")
    }

    private let ecs = AWSService(name: "ecs", host: "ecs", word: "ECS")
    private let target = "AmazonEC2ContainerServiceV20141113"

    private func definition(_ image: String) throws -> TaskDefinition {
        let text = """
            {"family":"\(cluster)","networkMode":"awsvpc","cpu":"256","memory":"512",\
            "containerDefinitions":[{"name":"web","image":"\(image)","memory":256}]}
            """
        return try TaskDefinition(CopiedJSON.reading(Array(text.utf8)), from: "this")
    }

    @Test func `a task definition is registered, and read as it was registered`() throws {
        let cloud = try cloud()
        let definition = try definition("a@sha256:0")
        let one = try cloud.register(definition, labels: [("slipway:release", "r1")])
        let two = try cloud.register(definition, labels: [])
        #expect(one.hasSuffix(":1") && two.hasSuffix(":2"))
        let read = try TaskDefinition(try cloud.taskDefinition(one), from: one)
        #expect(read.family == cluster)
        #expect(read.containers.map(\.image) == ["a@sha256:0"])
    }

    @Test func `a service is found, and told to run another version`() throws {
        let cloud = try cloud()
        let one = try cloud.register(try definition("a@sha256:0"), labels: [])
        let two = try cloud.register(try definition("a@sha256:1"), labels: [])
        #expect(try cloud.service("s", in: cluster) == nil)
        try ask(ecs, target, "CreateCluster", ["clusterName": .string(cluster)])
        #expect(try cloud.service("s", in: cluster) == nil)
        try ask(
            ecs, target, "CreateService",
            [
                "cluster": .string(cluster), "serviceName": "s", "taskDefinition": .string(one),
                "desiredCount": 2,
            ])
        let found = try #require(try cloud.service("s", in: cluster))
        #expect(found.status == "ACTIVE" && found.desiredCount == 2 && !found.isByCodeDeploy)
        try cloud.update(
            "s", in: cluster, to: two,
            configuration: ["minimumHealthyPercent": 100, "maximumPercent": 200])
        #expect(try cloud.service("s", in: cluster)?.taskDefinition == two)
        #expect(try cloud.stoppedTasks(of: "s", in: cluster) == [])
    }

    @Test func `a deployment of CodeDeploy's is begun and found by its description`() throws {
        let cloud = try cloud()
        let service = AWSService(name: "codedeploy", host: "codedeploy", word: "CODEDEPLOY")
        let target = "CodeDeploy_20141006"
        try ask(
            service, target, "CreateApplication",
            ["applicationName": .string(cluster), "computePlatform": "ECS"])
        try ask(
            service, target, "CreateDeploymentGroup",
            [
                "applicationName": .string(cluster), "deploymentGroupName": "g",
                "serviceRoleArn": "arn:aws:iam::123456789012:role/r",
            ])
        #expect(try cloud.codeDeployments(of: cluster, "g") == [])
        try cloud.beginCodeDeployment(
            of: cluster, "g", appspec: "version: 0.0", configuration: nil, alarms: ["a"],
            description: "arn:task")
        let found = try cloud.codeDeployments(of: cluster, "g")
        #expect(found.map(\.description) == ["arn:task"])
        #expect(found.map(\.status) == ["Created"])
        let id = try #require(found.first?.deploymentId)
        #expect(try cloud.codeDeployment(id).deploymentId == id)
    }

    @Test func `a service is scaled, and no longer`() throws {
        let cloud = try cloud()
        let one = try cloud.register(try definition("a@sha256:0"), labels: [])
        try ask(ecs, target, "CreateCluster", ["clusterName": .string(cluster)])
        try cloud.create(
            "s", in: cluster, token: one,
            [.init("taskDefinition", .string(one)), .init("desiredCount", 2)])
        try cloud.scale("s", in: cluster, from: 1, to: 4)
        let policy = ScalingPolicy(
            name: "slipway-cpu", metric: "ECSServiceAverageCPUUtilization", target: 60)
        for _ in 0..<2 { try cloud.put(policy, on: "s", in: cluster, cooldown: 60) }
        #expect(try cloud.scalingPolicies(of: "s", in: cluster) == ["slipway-cpu"])
        try cloud.removePolicy("slipway-cpu", of: "s", in: cluster)
        #expect(try cloud.scalingPolicies(of: "s", in: cluster) == [])
        try cloud.empty("s", in: cluster)
        #expect(try cloud.service("s", in: cluster)?.desiredCount == 0)
    }

    @Test func `targets are told of with how they are`() throws {
        let balancing = AWSService(
            name: "elasticloadbalancing", host: "elasticloadbalancing",
            word: "ELASTIC_LOAD_BALANCING_V2")
        let request = AWSRequest(
            balancing, "CreateTargetGroup",
            .query(
                version: "2015-12-01",
                [
                    ("Name", String(cluster.prefix(30))), ("TargetType", "lambda"),
                ]))
        let function = "arn:aws:lambda:eu-west-1:\(TestMoto.account):function:\(cluster)"
        let answer = XMLElement.reading(try client().ask(request, in: "eu-west-1"))
        let group = try #require(answer?["TargetGroupArn"])
        #expect(try cloud().targets(of: group) == [])
        #expect(try cloud().balancers(of: group) == [])
        _ = try client().ask(
            AWSRequest(
                balancing, "RegisterTargets",
                .query(
                    version: "2015-12-01",
                    [("TargetGroupArn", group), ("Targets.member.1.Id", function)])),
            in: "eu-west-1")
        let found = try cloud().targets(of: group)
        #expect(found.map(\.id) == [function] && found.map(\.state) == ["healthy"])
    }

    @Test func `the last lines of a log are read, and none of one that is not there`() throws {
        let cloud = try cloud()
        let logs = AWSService(name: "logs", host: "logs", word: "CLOUDWATCH_LOGS")
        let target = "Logs_20140328"
        #expect(try cloud.lastLines(of: "s", in: cluster, atMost: 2) == [])
        try ask(logs, target, "CreateLogGroup", ["logGroupName": .string(cluster)])
        try ask(
            logs, target, "CreateLogStream",
            ["logGroupName": .string(cluster), "logStreamName": "s"])
        let now = Int(Date().timeIntervalSince1970 * 1_000)
        let lines = ["one", "two", "three"].enumerated().map { place, line -> JSON in
            ["timestamp": .int(now + place), "message": .string(line)]
        }
        try ask(
            logs, target, "PutLogEvents",
            [
                "logGroupName": .string(cluster), "logStreamName": "s",
                "logEvents": .array(lines),
            ])
        #expect(try cloud.lastLines(of: "s", in: cluster, atMost: 2) == ["two", "three"])
    }

    @Test func `who may nothing is told what is not allowed, and where`() throws {
        do {
            _ = try cloud(as: moto.unable).service("s", in: "c")
            Issue.record("it is allowed")
        } catch let problem as AWSProblem {
            #expect(problem.problem.hasPrefix("ECS DescribeServices at http://127.0.0.1"))
            #expect(problem.hint.hasPrefix("let a policy allow it to"))
        }
    }
}
