import Engine
package import People
import Pipelines

// Who is let in, kept in plain books: a list of tokens with their ends, and a list of other names.
extension Ledger {
    struct Pass {
        let owner: PersonName
        let isAdministrators: Bool
        let end: Token.Instant?
        var isRevoked = false

        func isGood(at now: Moment) -> Bool {
            guard !isRevoked else { return false }
            guard let end else { return true }
            return now.wall < end.wall && now.steady.milliseconds < end.steady
        }
    }

    mutating func enterPeople(_ event: PeopleEvent, at now: Moment) throws(Violation) {
        switch event {
        case .tokenMade(let token):
            guard passes[token.id] == nil else {
                throw Violation(.tokensHold, "token '\(token.id)' was made twice")
            }
            let isAdministrators = token.grants.contains {
                $0.role == .admin && $0.pipelines.isEmpty && $0.environments.isEmpty
            }
            passes[token.id] = Pass(
                owner: token.owner, isAdministrators: isAdministrators, end: token.expires)
        case .tokenRevoked(let id, _):
            let others = passes.filter { $0.key != id }.values
            let isLast = !others.contains { $0.isAdministrators && $0.isGood(at: now) }
            if let pass = passes[id], pass.isAdministrators, pass.isGood(at: now), isLast {
                throw Violation(.somebodyAdministers, "'\(id)' was the last token of one")
            }
            passes[id]?.isRevoked = true
        case .accountSet(let account): otherNames[account.name.description] = account.aliases
        case .accountRemoved(let person): otherNames[person.description] = nil
        case .secretSet, .secretRemoved, .denied, .signInsFailed: break
        }
    }

    /// Whose token it is, if it lets them in.
    func owner(showing id: TokenID, at now: Moment) -> PersonName? {
        guard let pass = passes[id], pass.isGood(at: now) else { return nil }
        return pass.owner
    }

    /// Whether an author, as `NAME` or `Name <ADDRESS>`, is this person.
    func isPerson(_ name: String, _ author: String) -> Bool {
        let address = author.split(separator: "<").last?.split(separator: ">").first
        let names = [name] + (otherNames[name] ?? [])
        return names.contains(author) || names.contains { $0 == address.map(String.init) }
    }
}

/// The tokens that a simulation knows the texts of.
package enum KnownTokens {
    package static let texts: [TokenText] = (0..<12).compactMap { number in
        TokenText(random: Array(repeating: number, count: TokenText.randomBytes))
    }
}
