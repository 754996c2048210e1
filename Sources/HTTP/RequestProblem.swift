import JSON

/// Why a request is turned down before anybody has understood what it wants.
package struct RequestProblem: Error, Hashable, Sendable {
    package let status: Int
    /// What is wrong, where.
    package let detail: String
    package let hint: String

    package init(_ status: Int, _ detail: String, hint: String) {
        self.status = status
        self.detail = detail
        self.hint = hint
    }

    /// `application/problem+json` (RFC 9457).
    package var response: Response {
        let body: JSON = [
            "type": "about:blank", "title": .string(Self.titles[status] ?? "Error"),
            "status": .int(status), "detail": .string(detail), "hint": .string(hint),
        ]
        return Response(
            status, ["Content-Type": "application/problem+json", "Cache-Control": "no-store"],
            Array(body.text.utf8))
    }

    private static let titles = [
        400: "Bad Request", 413: "Content Too Large", 431: "Request Header Fields Too Large",
        500: "Internal Server Error", 501: "Not Implemented", 503: "Service Unavailable",
    ]

    package static let unanswered = RequestProblem(
        500, "nobody has answered this request",
        hint: "this is a mistake of the server; look at its log and report it")
    package static let unsound = RequestProblem(
        500, "the answer has a status or a header that cannot be sent",
        hint: "this is a mistake of the server; report what was asked")
    package static let torn = RequestProblem(
        400, "a header holds a NUL, goes on in a second line, or ends otherwise than with CR LF",
        hint: "write each header in one line that ends with CR LF")
    package static let notWhole = RequestProblem(
        400, "the first line holds a NUL, or spaces too many",
        hint: "send the method, the target and the version with one space between them")
    package static let stopping = RequestProblem(
        503, "the server is about to stop", hint: "try again in a moment")
    package static let crowded = RequestProblem(
        503, "the server holds as many bodies of requests as it may",
        hint: "try again in a moment")

    package static func tooLong(_ limit: Int) -> RequestProblem {
        RequestProblem(
            413, "the body has more than \(limit) bytes", hint: "send less, or in several requests")
    }
}
