package import AWS
import JSON

/// What Application Auto Scaling keeps on average.
package struct ScalingPolicy: Hashable, Sendable {
    package let name: String
    /// Such as `ECSServiceAverageCPUUtilization`.
    package let metric: String
    package let target: Int
    /// Of which balancer and group, where it is theirs.
    package let label: String?

    package init(name: String, metric: String, target: Int, label: String? = nil) {
        self.name = name
        self.metric = metric
        self.target = target
        self.label = label
    }
}

extension Cloud {
    private static let scaling = Speaker(
        service: AWSService(
            name: "application-autoscaling", host: "application-autoscaling",
            word: "APPLICATION_AUTO_SCALING"), target: "AnyScaleFrontendService")

    private static func resource(_ service: String, _ cluster: String) -> [JSON.Member?] {
        [
            .text("ServiceNamespace", "ecs"),
            .text("ResourceId", "service/\(cluster)/\(service)"),
            .text("ScalableDimension", "ecs:service:DesiredCount"),
        ]
    }

    /// Between how many tasks a service may be scaled. To say it again changes nothing.
    package func scale(
        _ service: String, in cluster: String, from: Int, to: Int
    ) throws(AWSProblem) {
        _ = try ask(
            Self.scaling, "RegisterScalableTarget",
            Self.resource(service, cluster) + [
                .init("MinCapacity", .int(from)), .init("MaxCapacity", .int(to)),
            ], for: Nothing.self)
    }

    /// One of the same name is as this one then.
    package func put(
        _ policy: ScalingPolicy, on service: String, in cluster: String, cooldown seconds: Int
    ) throws(AWSProblem) {
        let metric: [JSON.Member?] = [
            .text("PredefinedMetricType", policy.metric), .text("ResourceLabel", policy.label),
        ]
        _ = try ask(
            Self.scaling, "PutScalingPolicy",
            Self.resource(service, cluster) + [
                .text("PolicyName", policy.name), .text("PolicyType", "TargetTrackingScaling"),
                .init(
                    "TargetTrackingScalingPolicyConfiguration",
                    [
                        "TargetValue": .int(policy.target),
                        "PredefinedMetricSpecification": .object(metric.compactMap(\.self)),
                        "ScaleInCooldown": .int(seconds), "ScaleOutCooldown": .int(seconds),
                    ]),
            ], for: Nothing.self)
    }

    package func scalingPolicies(
        of service: String, in cluster: String
    ) throws(AWSProblem) -> [String] {
        struct Described: Decodable {
            struct Policy: Decodable { let PolicyName: String }
            let ScalingPolicies: [Policy]?
        }
        let found = try ask(
            Self.scaling, "DescribeScalingPolicies", Self.resource(service, cluster),
            for: Described.self)
        return (found.ScalingPolicies ?? []).map(\.PolicyName)
    }

    package func removePolicy(
        _ name: String, of service: String, in cluster: String
    ) throws(AWSProblem) {
        _ = try ask(
            Self.scaling, "DeleteScalingPolicy",
            Self.resource(service, cluster) + [.text("PolicyName", name)], for: Nothing.self)
    }
}
