import FoundationEssentials

/// What the Engine tells, as far as anybody here asks.
package struct ContainerFacts: Decodable, Sendable {
    package struct State: Decodable, Sendable {
        package let isRunning: Bool
        package let process: Int32
        package let code: Int
        package let wasOutOfMemory: Bool

        private enum CodingKeys: String, CodingKey {
            case isRunning = "Running"
            case process = "Pid"
            case code = "ExitCode"
            case wasOutOfMemory = "OOMKilled"
        }
    }

    package let id: String
    package let state: State

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case state = "State"
    }
}

/// A container or a volume that carries a label of ours.
package struct Labelled: Hashable, Sendable {
    package let id: String
    package let labels: [String: String]
}

package struct EngineVersion: Decodable, Sendable {
    package let version: String

    private enum CodingKeys: String, CodingKey { case version = "Version" }
}

struct Created: Decodable {
    let id: String

    private enum CodingKeys: String, CodingKey { case id = "Id" }
}

struct ListedContainer: Decodable {
    let id: String
    let labels: [String: String]

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case labels = "Labels"
    }
}

struct ListedVolumes: Decodable {
    struct Volume: Decodable {
        let name: String
        let labels: [String: String]?

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case labels = "Labels"
        }
    }

    let volumes: [Volume]?

    private enum CodingKeys: String, CodingKey { case volumes = "Volumes" }
}

/// What goes wrong is told as an object, while an image is pulled also within the answer.
struct Complaint: Decodable {
    let message: String?
    let error: String?

    static func message(in body: [UInt8]) -> String {
        let decoded = try? JSONDecoder().decode(Complaint.self, from: Data(body))
        if let message = decoded?.message ?? decoded?.error { return message }
        let text = String(decoding: body.prefix(300), as: UTF8.self)
        return text.isEmpty ? "it does not say why" : text
    }
}
