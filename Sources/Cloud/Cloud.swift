package import AWS
import JSON

/// The services of one region of AWS that a deployment has to do with.
package struct Cloud {
    package let region: String
    let client: AWSClient

    package init(_ region: String, by client: AWSClient) {
        self.region = region
        self.client = client
    }

    /// A service that speaks JSON 1.1.
    struct Speaker {
        let service: AWSService
        /// Its own name for itself.
        let target: String

        static let ecs = Speaker(
            service: AWSService(name: "ecs", host: "ecs", word: "ECS"),
            target: "AmazonEC2ContainerServiceV20141113")
        static let codeDeploy = Speaker(
            service: AWSService(name: "codedeploy", host: "codedeploy", word: "CODEDEPLOY"),
            target: "CodeDeploy_20141006")
        static let logs = Speaker(
            service: AWSService(name: "logs", host: "logs", word: "CLOUDWATCH_LOGS"),
            target: "Logs_20140328")
    }

    func ask<Answer: Decodable>(
        _ speaker: Speaker, _ operation: String, _ members: [JSON.Member?], for answer: Answer.Type
    ) throws(AWSProblem) -> Answer {
        let content = JSON.object(members.compactMap(\.self))
        let request = AWSRequest(
            speaker.service, operation, .json(target: speaker.target, content))
        return try client.ask(request, in: region, for: answer)
    }

    /// An answer that says nothing which anybody needs.
    struct Nothing: Decodable {}
}

extension JSON.Member {
    static func text(_ key: String, _ value: String) -> Self { Self(key, .string(value)) }

    /// Nothing where there is none: AWS takes no null.
    static func text(_ key: String, _ value: String?) -> Self? {
        value.map { Self(key, .string($0)) }
    }

    static func texts(_ key: String, _ values: [String]) -> Self {
        Self(key, .array(values.map { .string($0) }))
    }
}
