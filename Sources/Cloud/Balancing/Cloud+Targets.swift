package import AWS

/// One of those that a balancer leads requests to.
package struct BalancedTarget: Hashable, Sendable {
    package let id: String
    package let state: String
    /// Why it is not healthy, in the balancer's words.
    package let why: String?
}

extension Cloud {
    private static let balancing = AWSService(
        name: "elasticloadbalancing", host: "elasticloadbalancing",
        word: "ELASTIC_LOAD_BALANCING_V2")

    private func ask(
        _ operation: String, _ fields: [(name: String, value: String)]
    ) throws(AWSProblem) -> XMLElement {
        let request = AWSRequest(
            Self.balancing, operation, .query(version: "2015-12-01", fields))
        guard let answer = XMLElement.reading(try client.ask(request, in: region)) else {
            throw AWSProblem(
                .unreadable, "ELASTIC_LOAD_BALANCING_V2 \(operation): the answer makes no sense",
                hint: "check the endpoint that it was asked at")
        }
        return answer
    }

    /// How the targets of a group are.
    package func targets(of group: String) throws(AWSProblem) -> [BalancedTarget] {
        let answer = try ask("DescribeTargetHealth", [("TargetGroupArn", group)])
        return (answer.first("TargetHealthDescriptions")?.children ?? []).map { one in
            let health = one.first("TargetHealth")
            return BalancedTarget(
                id: one.first("Target")?["Id"] ?? "?", state: health?["State"] ?? "unknown",
                why: health?["Description"] ?? health?["Reason"])
        }
    }

    /// The balancers that lead requests to a group, by their ARNs.
    package func balancers(of group: String) throws(AWSProblem) -> [String] {
        let answer = try ask("DescribeTargetGroups", [("TargetGroupArns.member.1", group)])
        return (answer.first("LoadBalancerArns")?.children ?? []).map(\.text)
    }
}
