package import AWS
package import JSON

/// A service of ECS, as far as a deployment asks.
package struct ECSService: Hashable, Sendable, Decodable {
    package let status: String?
    package let taskDefinition: String?
    package let desiredCount: Int?
    package let runningCount: Int?
    package let pendingCount: Int?
    package let deploymentController: Controller?
    package let deploymentConfiguration: Configuration?
    package let loadBalancers: [Balancer]?
    package let taskSets: [TaskSet]?

    package struct Controller: Hashable, Sendable, Decodable { package let type: String? }

    package struct Configuration: Hashable, Sendable, Decodable {
        package let strategy: String?
        package let minimumHealthyPercent: Int?
        package let maximumPercent: Int?
    }

    package struct Balancer: Hashable, Sendable, Decodable {
        package let containerName: String?
        package let containerPort: Int?
        package let targetGroupArn: String?
    }

    package struct TaskSet: Hashable, Sendable, Decodable {
        package let status: String?
        package let taskDefinition: String?
        package let loadBalancers: [Balancer]?
    }

    package var isByCodeDeploy: Bool { deploymentController?.type == "CODE_DEPLOY" }
}

extension Cloud {
    /// Nothing if there is none.
    package func service(
        _ name: String, in cluster: String
    ) throws(AWSProblem) -> ECSService? {
        struct Described: Decodable {
            let services: [ECSService]?
        }
        do {
            return try ask(
                .ecs, "DescribeServices", [.text("cluster", cluster), .texts("services", [name])],
                for: Described.self
            ).services?.first
        } catch  where error.code == "ClusterNotFoundException" {
            return nil
        }
    }

    /// One that was registered, as it could be registered again.
    package func taskDefinition(_ name: String) throws(AWSProblem) -> JSON {
        struct Described: Decodable { let taskDefinition: Fields }
        // When it was registered is a number that is not passed on.
        struct Fields: Decodable {
            let json: JSON

            init(from decoder: any Decoder) throws {
                let keys = try decoder.container(keyedBy: Key.self)
                json = .object(
                    try keys.allKeys.filter { !$0.stringValue.hasSuffix("At") }.sorted {
                        $0.stringValue < $1.stringValue
                    }.map { key in
                        JSON.Member(
                            key.stringValue, try keys.decode(CopiedJSON.self, forKey: key).json)
                    })
            }
        }
        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        return try ask(
            .ecs, "DescribeTaskDefinition", [.text("taskDefinition", name)], for: Described.self
        ).taskDefinition.json
    }

    /// Its ARN. Each has its own, also if it is as the one before.
    package func register(
        _ definition: TaskDefinition, labels: [(key: String, value: String)]
    ) throws(AWSProblem) -> String {
        struct Registered: Decodable {
            struct Definition: Decodable { let taskDefinitionArn: String }
            let taskDefinition: Definition
        }
        let tags = labels.map { label -> JSON in
            ["key": .string(label.key), "value": .string(label.value)]
        }
        return try ask(
            .ecs, "RegisterTaskDefinition", definition.members + [.init("tags", .array(tags))],
            for: Registered.self
        ).taskDefinition.taskDefinitionArn
    }

    /// Makes a service. `token` is one that AWS knows a repeated wish by.
    package func create(
        _ service: String, in cluster: String, token: String, _ members: [JSON.Member]
    ) throws(AWSProblem) {
        _ = try ask(
            .ecs, "CreateService",
            [
                .text("cluster", cluster), .text("serviceName", service),
                .text("clientToken", String(token.suffix(36))),
            ] + members, for: Nothing.self)
    }

    /// Ends all tasks of a service, which stays.
    package func empty(_ service: String, in cluster: String) throws(AWSProblem) {
        _ = try ask(
            .ecs, "UpdateService",
            [
                .text("cluster", cluster), .text("service", service),
                .init("desiredCount", .int(0)),
            ], for: Nothing.self)
    }

    /// Has a service run another task definition: AWS begins a deployment.
    package func update(
        _ service: String, in cluster: String, to taskDefinition: String, configuration: JSON?
    ) throws(AWSProblem) {
        _ = try ask(
            .ecs, "UpdateService",
            [
                .text("cluster", cluster), .text("service", service),
                .text("taskDefinition", taskDefinition),
                configuration.map { .init("deploymentConfiguration", $0) },
            ], for: Nothing.self)
    }
}
