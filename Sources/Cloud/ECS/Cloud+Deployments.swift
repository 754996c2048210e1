package import AWS
import JSON

/// A deployment that ECS carries out or has carried out.
package struct ServiceDeployment: Hashable, Sendable, Decodable {
    package let serviceDeploymentArn: String
    package let createdAt: Double?
    package let status: String
    package let statusReason: String?
    package let lifecycleStage: String?
    package let sourceServiceRevisions: [Revision]?
    package let targetServiceRevision: Revision?
    package let rollback: Rollback?
    package let deploymentCircuitBreaker: Breaker?
    package let alarms: Alarms?

    package struct Revision: Hashable, Sendable, Decodable {
        package let arn: String?
        package let requestedTaskCount: Int?
        package let runningTaskCount: Int?
        package let pendingTaskCount: Int?
        package let requestedProductionTrafficWeight: Double?
    }

    package struct Rollback: Hashable, Sendable, Decodable { package let reason: String? }

    package struct Breaker: Hashable, Sendable, Decodable {
        package let status: String?
        package let failureCount: Int?
        package let threshold: Int?
    }

    package struct Alarms: Hashable, Sendable, Decodable {
        package let triggeredAlarmNames: [String]?
    }
}

/// One of those that a service has had, and what it brought.
package struct PastServiceDeployment: Hashable, Sendable {
    package let arn: String
    package let createdAt: Double
    package let taskDefinition: String
}

extension Cloud {
    /// As many as AWS tells the revisions of at once. One that was just begun is among the newest.
    private static let newest = 20

    /// The newest ones of a service, the newest first.
    package func deployments(
        of service: String, in cluster: String
    ) throws(AWSProblem) -> [PastServiceDeployment] {
        struct Listed: Decodable {
            struct Brief: Decodable {
                let serviceDeploymentArn: String
                let targetServiceRevisionArn: String?
                let createdAt: Double?
            }
            let serviceDeployments: [Brief]?
        }
        let found =
            try ask(
                .ecs, "ListServiceDeployments",
                [
                    .text("service", service), .text("cluster", cluster),
                    .init("maxResults", .int(Self.newest)),
                ], for: Listed.self
            ).serviceDeployments ?? []
        let briefs = found.sorted { $0.createdAt ?? 0 > $1.createdAt ?? 0 }.prefix(Self.newest)
        let revisions = try taskDefinitions(
            of: Array(Set(briefs.compactMap(\.targetServiceRevisionArn))).sorted())
        return briefs.compactMap { brief in
            guard let definition = brief.targetServiceRevisionArn.flatMap({ revisions[$0] }) else {
                return nil
            }
            return PastServiceDeployment(
                arn: brief.serviceDeploymentArn, createdAt: brief.createdAt ?? 0,
                taskDefinition: definition)
        }
    }

    /// What revisions of services run, by their ARNs.
    package func taskDefinitions(of revisions: [String]) throws(AWSProblem) -> [String: String] {
        struct Described: Decodable {
            struct Revision: Decodable {
                let serviceRevisionArn: String
                let taskDefinition: String?
            }
            let serviceRevisions: [Revision]?
        }
        guard !revisions.isEmpty else { return [:] }
        let found = try ask(
            .ecs, "DescribeServiceRevisions", [.texts("serviceRevisionArns", revisions)],
            for: Described.self)
        return (found.serviceRevisions ?? []).reduce(into: [:]) {
            $0[$1.serviceRevisionArn] = $1.taskDefinition
        }
    }

    package func deployment(_ arn: String) throws(AWSProblem) -> ServiceDeployment? {
        struct Described: Decodable { let serviceDeployments: [ServiceDeployment]? }
        return try ask(
            .ecs, "DescribeServiceDeployments", [.texts("serviceDeploymentArns", [arn])],
            for: Described.self
        ).serviceDeployments?.first
    }

    /// Has ECS go back to what was there before.
    package func rollBack(_ arn: String) throws(AWSProblem) {
        _ = try ask(
            .ecs, "StopServiceDeployment",
            [.text("serviceDeploymentArn", arn), .text("stopType", "ROLLBACK")],
            for: Nothing.self)
    }
}
