package import AWS
import JSON

/// A task that has ended, and why.
package struct StoppedTask: Hashable, Sendable, Decodable {
    package let taskArn: String
    package let taskDefinitionArn: String?
    package let stoppedReason: String?
    package let stoppedAt: Double?
    package let containers: [Container]?

    package struct Container: Hashable, Sendable, Decodable {
        package let name: String?
        package let exitCode: Int?
        package let reason: String?
    }

    /// What CloudWatch's streams are named after.
    package var id: String { taskArn.split(separator: "/").last.map(String.init) ?? taskArn }
}

extension Cloud {
    /// As many as AWS tells of at once.
    private static let mostTasks = 100

    /// The tasks of a service that have ended lately, the last to end first.
    package func stoppedTasks(
        of service: String, in cluster: String
    ) throws(AWSProblem) -> [StoppedTask] {
        struct Listed: Decodable { let taskArns: [String]? }
        struct Described: Decodable { let tasks: [StoppedTask]? }
        let arns =
            try ask(
                .ecs, "ListTasks",
                [
                    .text("cluster", cluster), .text("serviceName", service),
                    .text("desiredStatus", "STOPPED"), .init("maxResults", .int(Self.mostTasks)),
                ], for: Listed.self
            ).taskArns ?? []
        guard !arns.isEmpty else { return [] }
        let found = try ask(
            .ecs, "DescribeTasks", [.text("cluster", cluster), .texts("tasks", arns)],
            for: Described.self)
        return (found.tasks ?? []).sorted { $0.stoppedAt ?? 0 > $1.stoppedAt ?? 0 }
    }
}
