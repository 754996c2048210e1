package import Engine
package import HTTP
package import JSON
package import Store

/// Why something was not done, as RFC 9457 writes it, with what to do about it.
package struct Problem: Error, Hashable, Sendable {
    package let status: Int
    /// What a program can tell it by; nothing beside the status if empty.
    package let kind: String
    package let detail: String
    package let hint: String
    package var headers = Headers()
    /// Whatever else there is to say of it.
    package var members: [JSON.Member] = []

    package init(_ status: Int, _ kind: String = "", _ detail: String, hint: String) {
        self.status = status
        self.kind = kind
        self.detail = detail
        self.hint = hint
    }

    package init(_ refusal: Refusal) {
        let status =
            switch refusal.kind {
            case .unknown: 404
            case .conflict: 409
            case .forbidden: 403
            case .invalid: 422
            case .limit: 429
            case .defect: 500
            }
        self.init(status, refusal.kind.rawValue, refusal.problem, hint: refusal.hint)
        if refusal.kind == .limit { headers.add("Retry-After", "10") }
    }

    /// Paths of the house's folder are its host's business: they are in the server's own log.
    package init(_ error: StoreError) {
        switch error.kind {
        case .full, .busy, .readOnly:
            self.init(
                503, "store", "the record cannot be written now", hint: "try again a little later")
            headers.add("Retry-After", "5")
        case .corrupt, .newer, .notFound, .other:
            self.init(
                500, "store", "the record cannot be read",
                hint: "whoever hosts this server finds the reason in its log")
        }
    }

    static func missing(_ what: String, hint: String = "check its name") -> Problem {
        Problem(404, "unknown", "there is no \(what)", hint: hint)
    }

    /// The same for a token that is wrong, expired or revoked, and for none.
    static let unauthorized: Problem = {
        var problem = Problem(
            401, "unauthorized", "this needs a token that is valid",
            hint: "send 'Authorization: Bearer TOKEN'; an administrator makes tokens")
        problem.headers.add("WWW-Authenticate", "Bearer")
        return problem
    }()

    static func tooMany(retryAfter seconds: Int) -> Problem {
        var problem = Problem(
            429, "limit", "too much is asked at once", hint: "ask again in \(seconds) s")
        problem.headers.add("Retry-After", "\(seconds)")
        return problem
    }

    static let busy: Problem = {
        var problem = Problem(
            503, "busy", "too many questions are waiting to be answered", hint: "ask again in 1 s")
        problem.headers.add("Retry-After", "1")
        return problem
    }()

    static func defect(_ detail: String) -> Problem {
        Problem(500, "defect", detail, hint: "this is a mistake in Slipway; please report it")
    }

    package var title: String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 503: "Service Unavailable"
        default: "Internal Server Error"
        }
    }

    package var response: Response {
        let json = JSON.object(Self.view.members.map { .init($0.name, $0.value(self)) } + members)
        var response = Response(
            status, ["Content-Type": "application/problem+json"], Array(json.text.utf8))
        for field in headers.fields { response.headers.add(field.name, field.value) }
        return response
    }

    static let view = View<Problem>(
        "Problem", "Why something was not done (RFC 9457), and what to do about it.",
        [
            .text("type", "A relative address that names the kind of problem.") {
                $0.kind.isEmpty ? "about:blank" : "/problems/\($0.kind)"
            },
            .text("title", "The status in words.") { $0.title },
            .count("status", "The status of the answer.") { $0.status },
            .text("detail", "What is wrong.") { $0.detail },
            .text("hint", "What to do about it.") { $0.hint },
        ])
}
