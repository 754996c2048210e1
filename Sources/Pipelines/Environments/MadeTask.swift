/// A task of one container, as far as it is said in a pipeline.
package struct MadeTask: Hashable, Sendable, Codable {
    /// In units of which a processor has 1024.
    package let cpu: Int
    /// In MiB.
    package let memory: Int
    /// What the container listens on.
    package let port: Int?
    /// As whom ECS pulls the image and writes the log.
    package let executionRole: String?
    /// As whom the program asks AWS.
    package let role: String?
    /// The group of CloudWatch that keeps what it prints.
    package let logs: String?
    package let environment: [String: String]
}

/// Where a task definition is from.
enum TaskOrigin: Sendable {
    case template(String)
    case made(MadeTask)

    var path: String? { if case .template(let path) = self { path } else { nil } }
    var made: MadeTask? { if case .made(let task) = self { task } else { nil } }

    static let shape = Shape<TaskOrigin>.either(
        Shape<String>.path.map { .template($0) }, or: MadeTask.shape.map { .made($0) })
}

extension MadeTask {
    fileprivate static let shape = Shape<MadeTask>.mapping(about: "a task of one container") {
        keys in
        let cpu = keys.required(
            "cpu", .whole(128...16_384), about: "in units of which a processor has 1024")
        let memory = keys.required("memory", .whole(128...122_880), about: "in MiB")
        let port = keys.optional("port", .whole(1...65_535), about: "what it listens on")
        let executionRole = keys.optional(
            "execution-role", .arn, about: "as whom ECS pulls the image and writes the log")
        let role = keys.optional("role", .arn, about: "as whom the program asks AWS")
        let logs = keys.optional(
            "logs", .string, about: "the group of CloudWatch that keeps what it prints")
        let environment = keys.optional(
            "environment", .dictionary(keys: .environmentName, values: .string),
            about: "variables for the program: NAME: value")
        guard let cpu, let memory else { return nil }
        return MadeTask(
            cpu: cpu, memory: memory, port: port, executionRole: executionRole, role: role,
            logs: logs,
            environment: Dictionary(environment ?? [], uniquingKeysWith: { $1 }))
    }
}

extension Shape where Value == String {
    static var arn: Shape {
        .text(
            "an ARN such as 'arn:aws:iam::123456789012:role/shop'",
            schema: .pattern("^arn:", example: "arn:aws:iam::123456789012:role/shop")
        ) { text throws(Mistake) in
            guard text.hasPrefix("arn:"), text.split(separator: ":").count >= 4 else {
                throw Mistake(
                    "'\(text)' is no ARN",
                    hint: "write all of it, such as 'arn:aws:iam::123456789012:role/shop'")
            }
            return text
        }
    }
}
