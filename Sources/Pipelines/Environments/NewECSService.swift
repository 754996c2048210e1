/// What a service of ECS is like that is made where it is missing. One that is there is left as it
/// is.
package struct NewECSService: Hashable, Sendable, Codable {
    package enum Launch: String, Hashable, Sendable, Codable, CaseIterable { case fargate, ec2 }

    package let count: Int
    package let launch: Launch
    package let subnets: [String]
    package let securityGroups: [String]
    /// Whether its tasks have addresses that the internet reaches.
    package let isPublic: Bool
    /// Where its balancer leads requests to.
    package let targetGroup: String?
    /// What a second set of tasks needs beside the first.
    package let beside: SecondSet?

    package struct SecondSet: Hashable, Sendable, Codable {
        package let targetGroup: String
        package let rule: String
        package let testRule: String?
        package let role: String
    }
}

extension NewECSService {
    static let shape = Shape<NewECSService>.mapping(about: "a service that is made") { keys in
        let count = keys.optional("count", .whole(1...1_000), about: "how many tasks; 1")
        let launch = keys.optional(
            "launch", Shape<Launch>.word("launch type"), about: "what they run on; fargate")
        let subnets = keys.required(
            "subnets", .oneOrMany(.string), about: "where its tasks are, such as 'subnet-0a1b'")
        let groups = keys.optional(
            "security-groups", .oneOrMany(.string), about: "who reaches them, such as 'sg-0a1b'")
        let isPublic = keys.optional(
            "public", .truth, about: "whether they have addresses that the internet reaches; false")
        let targetGroup = keys.optional(
            "target-group", .arn, about: "where the balancer leads requests to (its ARN)")
        let beside = keys.optional(
            "blue-green", SecondSet.shape, about: "what a second set of tasks needs")
        if keys.has("blue-green"), !keys.has("target-group") {
            keys.findings.error(
                at: keys.keyPlace(of: "blue-green"), "there is no first set to stand beside",
                hint: "add 'target-group'")
        }
        guard let subnets else { return nil }
        return NewECSService(
            count: count ?? 1, launch: launch ?? .fargate, subnets: subnets,
            securityGroups: groups ?? [], isPublic: isPublic ?? false, targetGroup: targetGroup,
            beside: beside)
    }
}

extension NewECSService.SecondSet {
    fileprivate static let shape = Shape<Self>.mapping(about: "a second set of tasks") { keys in
        let targetGroup = keys.required("target-group", .arn, about: "the other one (its ARN)")
        let rule = keys.required("rule", .arn, about: "the rule of the listener for requests")
        let testRule = keys.optional(
            "test-rule", .arn, about: "the rule of the listener for whoever tries it out")
        let role = keys.required("role", .arn, about: "as whom ECS changes the balancer")
        guard let targetGroup, let rule, let role else { return nil }
        return Self(targetGroup: targetGroup, rule: rule, testRule: testRule, role: role)
    }
}

/// How many tasks there are, by what they have to do: Application Auto Scaling sees to it.
package struct ECSScaling: Hashable, Sendable, Codable {
    package let from: Int
    package let to: Int
    /// In percent, on average.
    package let cpu: Int?
    /// For each task in a minute.
    package let requests: Int?
    @Written package var cooldown: Duration
}

extension ECSScaling {
    static let shape = Shape<ECSScaling>.mapping(about: "how many tasks there are") { keys in
        let from = keys.required("from", .whole(0...10_000), about: "at least")
        let to = keys.required("to", .whole(1...10_000), about: "at most")
        let cpu = keys.optional(
            "cpu", .whole(1...100), about: "percent of their processors that are in use")
        let requests = keys.optional(
            "requests", .whole(1...10_000_000), about: "that each answers in a minute")
        let cooldown = keys.optional(
            "cool-down", .duration, about: "the time between two changes; 1m")
        if !keys.isDescribing, !keys.has("cpu"), !keys.has("requests") {
            keys.findings.error(
                at: keys.place, "nothing says when there are to be more",
                hint: "add 'cpu: 60' or 'requests: 1000'")
        }
        if let from, let to, from > to {
            keys.findings.error(
                at: keys.place(of: "to"), "there cannot be \(from) at least and \(to) at most",
                hint: "write 'from: \(to)' and 'to: \(from)'")
        }
        guard let from, let to else { return nil }
        return ECSScaling(
            from: from, to: to, cpu: cpu, requests: requests,
            cooldown: cooldown ?? .seconds(60))
    }
}
