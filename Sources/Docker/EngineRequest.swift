import Curl
package import HTTP
package import JSON

/// One thing the Engine is asked for.
package struct EngineRequest: Sendable {
    /// How much of an answer may wait to be taken.
    package enum Taking: Sendable {
        case whole
        /// So much; then the Engine waits.
        case stream(Int)
    }

    /// For messages: "create a container".
    package let operation: String
    package let method: Request.Method
    /// From the root, with its query.
    package let target: String
    package let body: [UInt8]?
    /// Shown to the Engine, for a registry that it asks; in no message.
    private let login: PullLogin?
    private let taking: Taking

    package init(
        _ operation: String, _ method: Request.Method, _ path: String,
        query: [(String, String)] = [],
        body: JSON? = nil, login: PullLogin? = nil, taking: Taking = .whole
    ) {
        self.operation = operation
        self.method = method
        let pairs = query.map { "\($0.0)=\($0.1.percentEncoded)" }
        target = pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
        self.body = body.map { Array($0.text.utf8) }
        self.login = login
        self.taking = taking
    }

    func call(at socket: String) -> Call {
        var headers: Headers = body == nil ? [:] : ["Content-Type": "application/json"]
        if let login { headers.add("X-Registry-Auth", login.header) }
        var call = Call(method, .socket(socket, target: target), headers: headers, body: body)
        if case .stream(let buffer) = taking { call.taking = .stream(buffer: buffer) }
        return call
    }
}
