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

    private struct Configuration: Decodable {
        let stopSignal: String?

        private enum CodingKeys: String, CodingKey { case stopSignal = "StopSignal" }
    }

    package let id: String
    package let state: State
    private let configuration: Configuration?

    /// What its image wants to be asked to end with: `SIGQUIT`, or a number.
    package var stopSignal: String? { configuration?.stopSignal }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case state = "State"
        case configuration = "Config"
    }
}

/// A container or a volume that carries a label of ours.
package struct Labelled: Hashable, Sendable {
    package let id: String
    package let labels: [String: String]
}

package struct EngineVersion: Decodable, Sendable {
    private struct Component: Decodable {
        let name: String

        private enum CodingKeys: String, CodingKey { case name = "Name" }
    }

    package let version: String
    /// The newest version of its interface that it speaks.
    package let api: String
    /// What its containers run on: `linux`.
    package let system: String
    package let components: [String]

    private enum CodingKeys: String, CodingKey {
        case version = "Version"
        case api = "ApiVersion"
        case system = "Os"
        case components = "Components"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        version = try values.decode(String.self, forKey: .version)
        api = try values.decodeIfPresent(String.self, forKey: .api) ?? "0"
        system = try values.decodeIfPresent(String.self, forKey: .system) ?? ""
        let components = try values.decodeIfPresent([Component].self, forKey: .components)
        self.components = components?.map(\.name) ?? []
    }
}

struct ListedImage: Decodable {
    let names: [String]?

    private enum CodingKeys: String, CodingKey { case names = "RepoTags" }
}

/// A program that is run in a container beside its own.
package struct ExecFacts: Decodable, Sendable {
    package let isRunning: Bool
    package let process: Int32
    /// Nothing while it runs.
    package let code: Int?

    private enum CodingKeys: String, CodingKey {
        case isRunning = "Running"
        case process = "Pid"
        case code = "ExitCode"
    }
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
