import FoundationEssentials
import HTTP

extension DockerEngine {
    /// Whether the image is on this machine.
    package func has(_ image: ImageName) throws(DockerError) -> Bool {
        do throws(DockerError) {
            try perform(
                EngineRequest("look for image '\(image)'", .get, "/images/\(image.path)/json"))
            return true
        } catch {
            if error.isMissing { return false }
            throw error
        }
    }

    /// Begins to fetch an image; its answer is a `PullStory`.
    package func pull(
        _ image: ImageName, as login: PullLogin? = nil
    ) throws(DockerError) -> EngineTransfer {
        try begin(
            EngineRequest(
                "pull image '\(image)'", .post, "/images/create",
                query: [("fromImage", image.repository), ("tag", image.version)], login: login))
    }

    package func version() throws(DockerError) -> EngineVersion {
        try decode(EngineRequest("tell its version", .get, "/version"), within: 10)
    }

    func decode<Answer: Decodable>(
        _ request: EngineRequest, within seconds: Int = 60
    ) throws(DockerError) -> Answer {
        let body = try perform(request, within: seconds)
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
            throw .unreadable(operation: request.operation)
        }
        return answer
    }
}

/// What the Engine tells while it pulls an image: an object a line, and the last one may say that
/// it has failed although the answer began as a success.
package struct PullStory: Sendable {
    private var rest: [UInt8] = []
    package private(set) var problem: String?

    package init() {}

    package mutating func feed(_ bytes: [UInt8]) {
        rest += bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Array(rest[..<end])
            rest.removeSubrange(...end)
            hear(line)
        }
    }

    package mutating func finish() {
        hear(rest)
        rest = []
    }

    private mutating func hear(_ line: [UInt8]) {
        guard let said = try? JSONDecoder().decode(Complaint.self, from: Data(line)) else { return }
        problem = said.error ?? problem
    }
}
