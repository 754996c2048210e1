import FoundationEssentials
import Pipelines

extension ServerAnswer {
    /// What RFC 9457 tells of a refusal.
    private struct Problem: Decodable {
        let title: String?
        let detail: String?
        let hint: String?
        let mistakes: [ServerMistake]?
    }

    /// The answer, if it says yes; otherwise what it says instead. `server` is who was asked.
    package func accepted(
        by server: ServerAddress, hasToken: Bool = true
    ) throws(ClientError) -> ServerAnswer {
        switch status {
        case 200...299: return self
        case 300...399:
            let place = header("Location").map { " '\(Report.visible($0))'" } ?? ""
            throw ClientError(
                .refused(status), "\(server) sends you to another address\(place)",
                hint: "if that is right, name it as the server")
        case 401: throw Self.unknownCaller(server, hasToken)
        default: throw refusal(by: server)
        }
    }

    private static func unknownCaller(_ server: ServerAddress, _ hasToken: Bool) -> ClientError {
        hasToken
            ? ClientError(
                .refused(401),
                "\(server) does not take this token: it is wrong, has expired or was revoked",
                hint: "ask an administrator for a new one, then `slipway login \(server)`")
            : ClientError(
                .refused(401), "\(server) wants to know who you are",
                hint: "`slipway login \(server)`, or put a token into SLIPWAY_TOKEN")
    }

    private func refusal(by server: ServerAddress) -> ClientError {
        let isProblem = header("Content-Type")?.hasPrefix("application/problem+json") == true
        let problem = isProblem ? decode(Problem.self) : nil
        guard let problem, let words = problem.detail ?? problem.title else {
            return ClientError(
                status >= 500 ? .unreachable : .refused(status),
                "\(server) answered \(status), and not in the words of a Slipway server",
                hint: status >= 500
                    ? "it may be starting; try again, or look at its log"
                    : "check the address; a proxy before it may have answered")
        }
        return ClientError(
            status == 503 ? .unreachable : .refused(status), Report.visible(words),
            hint: Report.visible(problem.hint ?? usualHint), mistakes: problem.mistakes ?? [])
    }

    private var usualHint: String {
        switch status {
        case 403: "ask somebody who may, or an administrator for the role"
        case 404: "check the name; what you may not see is not there either"
        case 409: "look at how things are now, and decide again"
        case 429: "wait \(header("Retry-After").flatMap { Int($0) } ?? 10) s and try again"
        case 500...: "this is a defect of the server; its log tells more"
        default: "check what was written"
        }
    }

    package func read<Value: Decodable>(
        _ type: Value.Type, from server: ServerAddress
    ) throws(ClientError) -> Value {
        if let value = decode(type) { return value }
        throw ClientError(
            .garbled, "what \(server) answered makes no sense to this version of slipway",
            hint: "check that the address is a Slipway server's, and that both are of one version")
    }

    private func decode<Value: Decodable>(_ type: Value.Type) -> Value? {
        try? JSONDecoder().decode(type, from: Data(body))
    }
}

/// One mistake in a definition, as the server found it.
package struct ServerMistake: Hashable, Sendable, Decodable {
    package let line: Int?
    package let column: Int?
    package let severity: String?
    package let message: String
    package let hint: String?
}
