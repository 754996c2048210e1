package import HTTP

/// One thing that a server is asked for.
package struct ServerCall: Hashable, Sendable {
    package struct Body: Hashable, Sendable {
        package let type: String
        package let bytes: [UInt8]

        package init(_ type: String, _ bytes: [UInt8]) {
            self.type = type
            self.bytes = bytes
        }
    }

    package let method: Request.Method
    /// Below `/api/v1`; each part is one, whatever letters it has.
    package let path: [String]
    package var query: [Parameter] = []
    package var body: Body?
    package var headers: [Parameter] = []
    /// Given up when not a byte has come for so many seconds. A server that lives says something
    /// more often.
    package var longestSilence = 60
    /// What the answer is to be.
    package var accepts = "application/json, application/problem+json"

    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(_ method: Request.Method, _ path: String...) {
        self.method = method
        self.path = path
    }

    package init(_ method: Request.Method, path: [String]) {
        self.method = method
        self.path = path
    }

    package func url(at server: ServerAddress) -> String {
        let place = path.map { "/" + Self.escaped($0) }.joined()
        let pairs = query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }
        let query = pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
        return "\(server)/api/v1\(place)\(query)"
    }

    /// Letters that mean something in an address stand for themselves. A part of dots alone would
    /// be taken for a step upwards, escaped or not; no name has that form, and the server says so.
    private static func escaped(_ text: String) -> String {
        text == "." || text == ".." ? text.replacing(".", with: "%2E") : text.percentEncoded
    }
}

/// What came back, whole.
package struct ServerAnswer: Hashable, Sendable {
    package let status: Int
    package let headers: [ServerCall.Parameter]
    package let body: [UInt8]

    package init(status: Int, headers: [ServerCall.Parameter] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
