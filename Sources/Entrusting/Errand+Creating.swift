import Cloud
import Deployment
import JSON
import Pipelines

extension Errand {
    /// Has ECS make the service, whose first deployment this is.
    func create(_ token: String) throws -> ChargeReport.Word {
        guard let wish = rule.create else {
            throw Hindrance("nothing says how the service is made", hint: "add 'create'")
        }
        var members: [JSON.Member] = [
            .init("taskDefinition", .string(token)), .init("desiredCount", .int(wish.count)),
            .init("launchType", .string(wish.launch.rawValue.uppercased())),
            .init("networkConfiguration", ["awsvpcConfiguration": wish.network]),
        ]
        if let configuration = manner.configuration(of: nil, alarms: rule.alarms) {
            members.append(.init("deploymentConfiguration", configuration))
        }
        if let group = wish.targetGroup {
            members.append(.init("loadBalancers", [try balancer(group, wish, token)]))
        }
        try cloud.create(rule.service, in: rule.cluster, token: token, members)
        return .underWay("ECS was told to make the service")
    }

    private func balancer(
        _ group: String, _ wish: NewECSService, _ token: String
    ) throws -> JSON {
        let definition = try TaskDefinition(try cloud.taskDefinition(token), from: "'\(token)'")
        let containers = definition.containers.filter {
            $0.port != nil && (rule.container == nil || $0.name == rule.container)
        }
        guard let container = containers.first, let port = container.port else {
            throw Hindrance(
                "no container of the task has a port that requests could go to",
                hint: "add 'port' to 'task', or 'portMappings' to its container")
        }
        var members: [JSON.Member] = [
            .init("targetGroupArn", .string(group)),
            .init("containerName", .string(container.name)), .init("containerPort", .int(port)),
        ]
        if let second = wish.beside {
            members.append(.init("advancedConfiguration", second.configuration))
        }
        return .object(members)
    }
}

extension NewECSService {
    fileprivate var network: JSON {
        [
            "subnets": .array(subnets.map { .string($0) }),
            "securityGroups": .array(securityGroups.map { .string($0) }),
            "assignPublicIp": isPublic ? "ENABLED" : "DISABLED",
        ]
    }
}

extension NewECSService.SecondSet {
    fileprivate var configuration: JSON {
        let test = testRule.map { JSON.Member("testListenerRule", .string($0)) }
        return .object(
            [
                .init("alternateTargetGroupArn", .string(targetGroup)),
                .init("productionListenerRule", .string(rule)), .init("roleArn", .string(role)),
            ] + [test].compactMap(\.self))
    }
}

extension MadeTask {
    /// As it is registered, with a placeholder for the image.
    func definition(for rule: ECSRule) -> JSON {
        let launch = rule.create?.launch ?? .fargate
        var container: [JSON.Member] = [
            .init("name", .string(rule.container ?? rule.service)), .init("image", "<IMAGE>"),
            .init("essential", true),
            .init(
                "environment",
                .array(
                    environment.sorted { $0.key < $1.key }.map {
                        ["name": .string($0.key), "value": .string($0.value)]
                    })),
        ]
        if let port {
            container.append(
                .init("portMappings", [["containerPort": .int(port), "protocol": "tcp"]]))
        }
        if let logs {
            let options: JSON = [
                "awslogs-group": .string(logs), "awslogs-region": .string(rule.region),
                "awslogs-stream-prefix": .string(rule.service),
            ]
            container.append(
                .init("logConfiguration", ["logDriver": "awslogs", "options": options]))
        }
        let roles = [("executionRoleArn", executionRole), ("taskRoleArn", role)]
        return .object(
            [
                .init("family", .string(rule.service)), .init("networkMode", "awsvpc"),
                .init("requiresCompatibilities", [.string(launch.rawValue.uppercased())]),
                .init("cpu", .string("\(cpu)")), .init("memory", .string("\(memory)")),
                .init("containerDefinitions", [.object(container)]),
            ] + roles.compactMap { key, role in role.map { .init(key, .string($0)) } })
    }
}
