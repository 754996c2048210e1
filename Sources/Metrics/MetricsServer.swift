package import Pipelines

/// A server of metrics that whoever hosts the house has named.
package struct MetricsServer: Hashable, Sendable {
    package let name: MetricsName
    /// Where Prometheus, or what speaks as it does, answers.
    package let address: String
    /// The secret that it is asked with; nothing if anybody may ask.
    package let token: SecretName?

    package init(_ name: MetricsName, at address: String, token: SecretName? = nil) {
        self.name = name
        self.address = address
        self.token = token
    }
}

extension MetricsServer {
    package static let shape = Shape<[(MetricsName, @Sendable (MetricsName) -> MetricsServer)]>
        .dictionary(keys: MetricsName.shape, values: body)
        .map { entries in entries.map { $1($0) } }

    private static let body = Shape<@Sendable (MetricsName) -> MetricsServer>.mapping(
        about: "a server of metrics"
    ) { keys in
        let address = keys.required(
            "prometheus", .metricsAddress, about: "its address, such as 'http://127.0.0.1:9090'")
        let token = keys.optional(
            "token", SecretName.shape, about: "the secret that it is asked with")
        guard let address else { return nil }
        return { MetricsServer($0, at: address, token: token) }
    }
}

extension Shape where Value == String {
    fileprivate static var metricsAddress: Shape {
        .text("an address such as 'http://127.0.0.1:9090'") { text throws(Mistake) in
            let isWeb = ["https://", "http://"].contains { text.hasPrefix($0) }
            guard isWeb, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), !text.contains("?"),
                !text.contains("#"), !text.contains("@")
            else {
                throw Mistake(
                    "'\(text)' is no address of a server",
                    hint: "write all of it, without a query and a password: "
                        + "'https://metrics.example.com'")
            }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }
}
