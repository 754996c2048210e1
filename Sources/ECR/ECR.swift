package import AWS
import FoundationEssentials
import JSON

/// A registry of ECR, asked for what pushing and checking images needs.
package struct ECR {
    static let service = AWSService(name: "ecr", host: "api.ecr", word: "ECR")
    private static let target = "AmazonEC2ContainerRegistry_V20150921"

    package let registry: ECRRegistry
    private let client: AWSClient

    package init(_ registry: ECRRegistry, by client: AWSClient) {
        self.registry = registry
        self.client = client
    }

    func ask<Answer: Decodable>(
        _ operation: String, _ members: [JSON.Member], for answer: Answer.Type
    ) throws(AWSProblem) -> Answer {
        let request = AWSRequest(
            Self.service, operation, .json(target: Self.target, .object(members)))
        return try client.ask(request, in: registry.region, for: answer)
    }

    /// As `ask`, of a repository of this registry.
    func ask<Answer: Decodable>(
        _ operation: String, of repository: String, _ members: [JSON.Member] = [],
        for answer: Answer.Type
    ) throws(AWSProblem) -> Answer {
        let own: [JSON.Member] = [
            .init("registryId", .string(registry.account)),
            .init("repositoryName", .string(repository)),
        ]
        return try ask(operation, own + members, for: answer)
    }

    static func unreadable(_ operation: String) -> AWSProblem {
        AWSProblem(
            .unreadable, "ECR \(operation): the answer makes no sense",
            hint: "check the endpoint that it was asked at")
    }

    var outside: Outside { client.outside }
}
