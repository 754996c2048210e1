import HTTP

/// The way back to whoever asked, with what every answer has to say to browsers.
struct Outlet: Answering {
    let answering: any Answering
    var then: (@Sendable (Response) -> Void)?

    init(answering: any Answering, then: (@Sendable (Response) -> Void)? = nil) {
        self.answering = answering
        self.then = then
    }

    func answer(_ response: Response) {
        answering.answer(response.guarded)
        then?(response)
    }
}

extension Response {
    /// Nothing that is sent is to be guessed at, run, framed, kept or told to others.
    var guarded: Response {
        var response = self
        let rules: [(String, String)] = [
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ]
        for (name, value) in rules where response.headers[name] == nil {
            response.headers.add(name, value)
        }
        return response
    }
}
