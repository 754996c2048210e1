import Cloud
import Deployment
import Pipelines

extension Errand {
    /// The policies that are ours are known by it; those of others are left alone.
    private static let mark = "slipway-"

    /// Has the service scaled as is wanted. To say it again changes nothing.
    func scale(_ service: ECSService) throws {
        guard let scaling = rule.scaling else { return }
        let (name, cluster) = (rule.service, rule.cluster)
        try cloud.scale(name, in: cluster, from: scaling.from, to: scaling.to)
        var policies: [ScalingPolicy] = []
        if let cpu = scaling.cpu {
            policies.append(
                ScalingPolicy(
                    name: Self.mark + "cpu", metric: "ECSServiceAverageCPUUtilization",
                    target: cpu))
        }
        if let requests = scaling.requests {
            policies.append(
                ScalingPolicy(
                    name: Self.mark + "requests", metric: "ALBRequestCountPerTarget",
                    target: requests, label: try label(of: service)))
        }
        for policy in policies {
            try cloud.put(
                policy, on: name, in: cluster, cooldown: scaling.cooldown.milliseconds / 1_000)
        }
        for old in try cloud.scalingPolicies(of: name, in: cluster)
        where old.hasPrefix(Self.mark) && !policies.contains(where: { $0.name == old }) {
            try cloud.removePolicy(old, of: name, in: cluster)
        }
    }

    /// `app/balancer/0a1b/targetgroup/group/2c3d`, of the ARNs of both.
    private func label(of service: ECSService) throws -> String {
        guard let group = service.loadBalancers?.compactMap(\.targetGroupArn).first,
            let end = group.firstRange(of: "targetgroup/"),
            let balancer = try cloud.balancers(of: group).first,
            let start = balancer.firstRange(of: ":loadbalancer/")
        else {
            throw Hindrance(
                "service '\(rule.service)' has no balancer whose requests could be counted",
                hint: "scale it by 'cpu', or give it a balancer")
        }
        return balancer[start.upperBound...] + "/" + group[end.lowerBound...]
    }
}
