import FoundationEssentials

extension AWSClient {
    /// What a service answers in JSON, as much of it as somebody wants to know.
    package func ask<Answer: Decodable>(
        _ request: AWSRequest, in region: String, for answer: Answer.Type
    ) throws(AWSProblem) -> Answer {
        let body = try ask(request, in: region)
        do {
            // What has nothing to say may say not even that.
            return try JSONDecoder().decode(Answer.self, from: Data(body.isEmpty ? nothing : body))
        } catch {
            throw AWSProblem(
                .unreadable,
                "\(request.service.word) \(request.operation): the answer makes no sense",
                hint: "check the endpoint that it was asked at")
        }
    }
}

private let nothing = Array("{}".utf8)
