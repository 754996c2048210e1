import Curl
import FoundationEssentials
import HTTP

/// What an answer says is wrong, in whichever of its ways AWS says it.
struct AWSComplaint: Hashable {
    private static let longestMessage = 400

    let status: Int
    /// `ThrottlingException`, say; the status where there is no word.
    let code: String
    /// One line. What would follow can hold the whole request, a session's token with it.
    let message: String

    init(_ answer: Answer) {
        status = answer.status
        let json = try? JSONDecoder().decode(Body.self, from: Data(answer.body))
        let xml = json == nil ? XMLElement.reading(answer.body)?.first("Error") : nil
        let code =
            answer.headers["x-amzn-ErrorType"] ?? json?.type ?? json?.code ?? xml?["Code"] ?? ""
        // `com.amazonaws.ecr#ThrottlingException:http://…` is one of the ways to write it.
        let word = code.prefix { $0 != ":" }
        let short = word.split(separator: "#").last.map(String.init) ?? ""
        self.code = short.isEmpty ? String(answer.status) : short
        let text = json?.message ?? xml?["Message"] ?? ""
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        message = line.isEmpty ? "it does not say why" : String(line.prefix(Self.longestMessage))
    }

    private struct Body: Decodable {
        let type: String?
        let code: String?
        let message: String?

        private enum Key: String, CodingKey {
            case type = "__type"
            case code
            case message
            case Message
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            type = try values.decodeIfPresent(String.self, forKey: .type)
            code = try? values.decodeIfPresent(String.self, forKey: .code)
            message =
                try values.decodeIfPresent(String.self, forKey: .message)
                ?? values.decodeIfPresent(String.self, forKey: .Message)
        }
    }
}
