package import Pipelines

/// Everybody whom the house knows, and which secrets it keeps: what the record says of them.
package struct Directory: Hashable, Sendable, Codable {
    /// How many tokens there can be that are not revoked.
    package static let maximumTokens = 10_000
    package static let maximumAccounts = 10_000
    /// How many revoked ones are remembered, for people to look at.
    package static let revokedKept = 200

    package private(set) var tokens: [TokenID: Token] = [:]
    package private(set) var accounts: [PersonName: Account] = [:]
    /// The version of each secret there is.
    package private(set) var secrets: [SecretName: Int] = [:]
    private var revoked: [TokenID] = []

    package init() {}

    /// Whoever shows this text at this time.
    package func admit(_ text: String, at now: Token.Instant) throws(Rejection) -> Caller {
        let shown: TokenText
        do {
            shown = try TokenText(parsing: text)
        } catch {
            throw Rejection(error == .mistyped ? .mistyped : .malformed)
        }
        return try admit(shown, at: now)
    }

    package func admit(_ shown: TokenText, at now: Token.Instant) throws(Rejection) -> Caller {
        guard let token = tokens[shown.id], token.isMade(of: shown) else {
            throw Rejection(.unknown)
        }
        switch token.status(at: now) {
        case .valid: return token.caller
        case .expired: throw Rejection(.expired, token: token.id)
        case .revoked: throw Rejection(.revoked, token: token.id)
        }
    }

    /// Tokens that let somebody in who may do everything.
    package func administrators(at now: Token.Instant) -> [TokenID] {
        tokens.values.filter { $0.isAdministrators && $0.status(at: now) == .valid }.map(\.id)
            .sorted()
    }

    package var tokensInUse: Int { tokens.count - revoked.count }

    /// Whether one of these authors is this person, by their name or by what their account says
    /// that they write commits as.
    package func isPerson(_ name: String, among authors: some Sequence<String>) -> Bool {
        let aliases = PersonName(name).flatMap { accounts[$0]?.aliases } ?? []
        let identities = Set((aliases + [name]).map { $0.lowercased() })
        return authors.contains { Authorship.isOne(of: identities, $0) }
    }

    /// Takes in what the record says. It is not asked whether that was right to do.
    package mutating func apply(_ event: PeopleEvent, at now: Token.Instant) {
        switch event {
        case .tokenMade(let token): tokens[token.id] = token
        case .tokenRevoked(let id, _): revoke(id, at: now)
        case .accountSet(let account): accounts[account.name] = account
        case .accountRemoved(let person): accounts[person] = nil
        case .secretSet(let secret, let version): secrets[secret] = version
        case .secretRemoved(let secret, _): secrets[secret] = nil
        case .denied, .signInsFailed: break
        }
    }

    private mutating func revoke(_ id: TokenID, at now: Token.Instant) {
        guard tokens[id] != nil else { return }
        tokens[id]?.revoked = now
        revoked.append(id)
        guard revoked.count > Self.revokedKept else { return }
        tokens[revoked.removeFirst()] = nil
    }
}

extension Token {
    package var isAdministrators: Bool {
        grants.contains { $0.role == .admin && $0.isUnlimited }
    }
}
