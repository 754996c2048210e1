package import HTTP
package import People

/// Lets in whoever shows a token that is valid now.
package struct TokenGatekeeper: Gatekeeper {
    private let find: @Sendable (TokenID) -> Token?
    private let now: @Sendable () -> Token.Instant

    /// `find` tells what the house keeps of a token.
    package init(
        find: @escaping @Sendable (TokenID) -> Token?, now: @escaping @Sendable () -> Token.Instant
    ) {
        self.find = find
        self.now = now
    }

    package func caller(of request: Request) -> Caller? {
        guard let bearer = request.bearer, let text = try? TokenText(parsing: bearer),
            let token = find(text.id), token.isMade(of: text), token.status(at: now()) == .valid
        else { return nil }
        return token.caller
    }
}
