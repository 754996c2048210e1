package import AWS
import JSON

/// A deployment that CodeDeploy carries out or has carried out.
package struct CodeDeployment: Hashable, Sendable, Decodable {
    package let deploymentId: String
    package let status: String
    package let description: String?
    package let createTime: Double?
    package let errorInformation: Problem?
    package let rollbackInfo: Rollback?
    package let previousRevision: Revision?

    package struct Problem: Hashable, Sendable, Decodable {
        package let code: String?
        package let message: String?
    }

    package struct Rollback: Hashable, Sendable, Decodable {
        package let rollbackDeploymentId: String?
        package let rollbackMessage: String?
    }

    package struct Revision: Hashable, Sendable, Decodable {
        package let appSpecContent: Content?

        package struct Content: Hashable, Sendable, Decodable { package let content: String? }
    }
}

/// How far CodeDeploy is with one of a deployment's sets of tasks.
package struct TaskSetInfo: Hashable, Sendable, Decodable {
    package let desiredCount: Int?
    package let pendingCount: Int?
    package let runningCount: Int?
    package let trafficWeight: Double?
    package let taskSetLabel: String?
}

extension Cloud {
    /// One that was just begun is among the newest.
    private static let mostDeployments = 20

    /// The newest of a deployment group.
    package func codeDeployments(
        of application: String, _ group: String
    ) throws(AWSProblem) -> [CodeDeployment] {
        struct Listed: Decodable { let deployments: [String]? }
        struct Described: Decodable { let deploymentsInfo: [CodeDeployment]? }
        let ids =
            try ask(
                .codeDeploy, "ListDeployments",
                [.text("applicationName", application), .text("deploymentGroupName", group)],
                for: Listed.self
            ).deployments ?? []
        guard !ids.isEmpty else { return [] }
        return try ask(
            .codeDeploy, "BatchGetDeployments",
            [.texts("deploymentIds", Array(ids.prefix(Self.mostDeployments)))],
            for: Described.self
        ).deploymentsInfo ?? []
    }

    package func codeDeployment(_ id: String) throws(AWSProblem) -> CodeDeployment {
        struct Described: Decodable { let deploymentInfo: CodeDeployment }
        return try ask(
            .codeDeploy, "GetDeployment", [.text("deploymentId", id)], for: Described.self
        ).deploymentInfo
    }

    /// `description` is what it is found again by.
    package func beginCodeDeployment(
        of application: String, _ group: String, appspec: String, configuration: String?,
        alarms: [String], description: String
    ) throws(AWSProblem) {
        struct Begun: Decodable { let deploymentId: String }
        let events = [
            "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST",
        ]
        let watched: JSON = [
            "enabled": true, "alarms": .array(alarms.map { ["name": .string($0)] }),
        ]
        _ = try ask(
            .codeDeploy, "CreateDeployment",
            [
                .text("applicationName", application), .text("deploymentGroupName", group),
                .text("deploymentConfigName", configuration), .text("description", description),
                .init(
                    "revision",
                    [
                        "revisionType": "AppSpecContent",
                        "appSpecContent": ["content": .string(appspec)],
                    ]),
                .init(
                    "autoRollbackConfiguration",
                    ["enabled": true, "events": .array(events.map { .string($0) })]),
                alarms.isEmpty ? nil : .init("overrideAlarmConfiguration", watched),
            ], for: Begun.self)
    }

    package func stopCodeDeployment(_ id: String) throws(AWSProblem) {
        _ = try ask(
            .codeDeploy, "StopDeployment",
            [.text("deploymentId", id), .init("autoRollbackEnabled", .bool(true))],
            for: Nothing.self)
    }

    /// How far its sets of tasks are.
    package func taskSets(of id: String) throws(AWSProblem) -> [TaskSetInfo] {
        struct Listed: Decodable { let targetIds: [String]? }
        struct Described: Decodable {
            struct Target: Decodable {
                struct ECS: Decodable { let taskSetsInfo: [TaskSetInfo]? }
                let ecsTarget: ECS?
            }
            let deploymentTargets: [Target]?
        }
        let ids =
            try ask(
                .codeDeploy, "ListDeploymentTargets", [.text("deploymentId", id)], for: Listed.self
            ).targetIds ?? []
        guard !ids.isEmpty else { return [] }
        return try ask(
            .codeDeploy, "BatchGetDeploymentTargets",
            [.text("deploymentId", id), .texts("targetIds", ids)], for: Described.self
        ).deploymentTargets?.compactMap { $0.ecsTarget?.taskSetsInfo }.flatMap(\.self) ?? []
    }
}
