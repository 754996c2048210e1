package import AWS
import JSON

extension ECR {
    /// More in one question are refused.
    private static let mostTags = 100

    /// On which images tags are now; those that are not there are left out.
    package func digests(
        of tags: [String], in repository: String
    ) throws(AWSProblem) -> [String: String] {
        var digests: [String: String] = [:]
        for start in stride(from: 0, to: tags.count, by: Self.mostTags) {
            let some = tags[start..<min(start + Self.mostTags, tags.count)]
            let answer = try ask(
                "BatchGetImage", of: repository,
                [.init("imageIds", .array(some.map { ["imageTag": .string($0)] }))],
                for: Images.self)
            for failure in answer.failures ?? [] where failure.failureCode != "ImageNotFound" {
                throw AWSProblem(
                    .refused(status: 200, code: failure.failureCode ?? "unknown"),
                    "ECR BatchGetImage: \(failure.failureCode ?? "a failure") for "
                        + "'\(failure.imageId?.imageTag ?? "a tag")' of '\(repository)'",
                    hint: "look at the image in ECR")
            }
            for image in answer.images ?? [] {
                if let tag = image.imageId.imageTag { digests[tag] = image.imageId.imageDigest }
            }
        }
        return digests
    }

    private struct Images: Decodable {
        struct ID: Decodable {
            let imageTag: String?
            let imageDigest: String?
        }
        struct Image: Decodable { let imageId: ID }
        struct Failure: Decodable {
            let imageId: ID?
            let failureCode: String?
        }

        let images: [Image]?
        let failures: [Failure]?
    }
}
