package import Curl
import FoundationEssentials
import HTTP

/// How Prometheus is asked, and what its answers mean.
package enum Prometheus {
    private static let seconds = 10
    private static let longestAnswer = 1 << 20

    /// Why there are no values.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    package static func call(
        _ question: String, at server: MetricsServer, token: [UInt8]?, trust: Call.Trust
    ) -> Call {
        let query = "query=\(question.percentEncoded)"
        var call = Call(.post, .url("\(server.address)/api/v1/query"), body: Array(query.utf8))
        call.headers.add("Content-Type", "application/x-www-form-urlencoded")
        if let token {
            call.headers.add("Authorization", "Bearer \(String(decoding: token, as: UTF8.self))")
        }
        call.trust = trust
        call.seconds = seconds
        call.taking = .whole(limit: longestAnswer)
        return call
    }

    /// The value of each series that it found.
    package static func values(status: Int, body: [UInt8]) throws(Problem) -> [Double] {
        guard let told = try? JSONDecoder().decode(Told.self, from: Data(body)) else {
            throw Problem("it answers \(status), and not as Prometheus does")
        }
        guard status == 200, let data = told.data else {
            throw Problem(told.error ?? "it answers \(status)")
        }
        switch data.result {
        case .one(let value): return [value]
        case .many(let values): return values
        case .none:
            throw Problem("it gives a '\(data.kind)', and a value for each series is needed")
        }
    }

    private struct Told: Decodable {
        let data: Found?
        let error: String?
    }

    private struct Found: Decodable {
        enum Values {
            case one(Double)
            case many([Double])
            case none
        }

        let kind: String
        let result: Values

        private struct Series: Decodable { let value: Point }

        /// A time and a value, which is a text because it may be 'NaN'.
        private struct Point: Decodable {
            let value: Double

            init(from decoder: any Decoder) throws {
                var parts = try decoder.unkeyedContainer()
                _ = try parts.decode(Double.self)
                value = Double(try parts.decode(String.self)) ?? .nan
            }
        }

        private enum CodingKeys: String, CodingKey {
            case kind = "resultType"
            case result
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            kind = try members.decode(String.self, forKey: .kind)
            result =
                switch kind {
                case "vector":
                    .many(try members.decode([Series].self, forKey: .result).map(\.value.value))
                case "scalar": .one(try members.decode(Point.self, forKey: .result).value)
                default: .none
                }
        }
    }
}
