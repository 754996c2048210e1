/// A request before its body: all that can be known to be wrong with it is known here.
package struct RequestHead: Hashable, Sendable {
    /// How the body's end is told.
    package enum Framing: Hashable, Sendable {
        case none
        case length(Int)
        case chunked
    }

    package let method: Request.Method
    package let target: Target
    package let headers: Headers
    package let framing: Framing

    /// What two programs on the way could read in two ways is refused: whoever is in front of this
    /// server must not see another end of a request than it does.
    package init(
        method: String, target: String, version: String = "HTTP/1.1", headers: Headers
    ) throws(RequestProblem) {
        for field in headers.fields { try Self.check(field) }
        framing = try Self.framing(headers)
        let hosts = headers.all("Host").count
        guard hosts <= 1 else { throw Self.twice("Host") }
        guard hosts == 1 || version == "HTTP/1.0" else {
            throw RequestProblem(400, "there is no Host", hint: "send the header 'Host'")
        }
        guard let known = Request.Method(rawValue: method) else {
            let methods = Request.Method.allCases.map(\.rawValue).joined(separator: ", ")
            throw RequestProblem(
                501, "this method is not known here", hint: "use one of \(methods)")
        }
        self.method = known
        self.target = try Target(parsing: target)
        self.headers = headers
    }

    /// The client waits for a word before it sends the body.
    package var asksFirst: Bool { headers["Expect"]?.lowercased() == "100-continue" }

    private static func check(_ field: Field) throws(RequestProblem) {
        guard !field.name.isEmpty, field.name.utf8.allSatisfy(isOfToken) else {
            throw RequestProblem(
                400, "a header's name holds what no name can",
                hint: "use letters, digits and '-', and no space before the ':'")
        }
        guard field.value.utf8.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }) else {
            throw RequestProblem(
                400, "the header '\(field.name)' holds a control character",
                hint: "leave it out; end lines with CR and LF")
        }
    }

    private static func framing(_ headers: Headers) throws(RequestProblem) -> Framing {
        let encodings = headers.all("Transfer-Encoding")
        let lengths = headers.all("Content-Length")
        guard encodings.isEmpty || lengths.isEmpty else {
            throw RequestProblem(
                400, "there are both Content-Length and Transfer-Encoding", hint: "send one of them"
            )
        }
        guard encodings.count <= 1 else { throw twice("Transfer-Encoding") }
        guard lengths.count <= 1 else { throw twice("Content-Length") }
        if let encoding = encodings.first {
            guard encoding.lowercased() == "chunked" else {
                throw RequestProblem(
                    501, "this Transfer-Encoding is not known here", hint: "use 'chunked'")
            }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard !length.isEmpty, length.utf8.allSatisfy({ 48...57 ~= $0 }), let count = Int(length)
        else {
            throw RequestProblem(
                400, "Content-Length is no number", hint: "write it in digits and nothing else")
        }
        return count == 0 ? .none : .length(count)
    }

    private static func twice(_ name: String) -> RequestProblem {
        RequestProblem(400, "there is more than one \(name)", hint: "send one of them")
    }

    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: symbols.contains(byte)
        }
    }

    private static let symbols = Array("!#$%&'*+-.^_`|~".utf8)
}
