package import AWS
import JSON

extension Cloud {
    /// The last lines that CloudWatch has of somebody; none where there is no such stream.
    package func lastLines(
        of stream: String, in group: String, atMost most: Int
    ) throws(AWSProblem) -> [String] {
        struct Told: Decodable {
            struct Event: Decodable { let message: String? }
            let events: [Event]?
        }
        do {
            let told = try ask(
                .logs, "GetLogEvents",
                [
                    .text("logGroupName", group), .text("logStreamName", stream),
                    .init("limit", .int(most)), .init("startFromHead", .bool(false)),
                ], for: Told.self)
            return (told.events ?? []).compactMap(\.message)
        } catch  where error.code == "ResourceNotFoundException" {
            return []
        }
    }
}
