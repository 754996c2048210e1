package import Pipelines

/// Something that is asked about people.
package enum PeopleCommand: Hashable, Sendable {
    case make(TokenWish)
    case revoke(TokenID, reason: String)
    case set(Account)
    case remove(PersonName)
    /// What the vault has done already.
    case secretSet(SecretName, version: Int)
    case secretRemoved(SecretName, version: Int)
    /// What was kept from happening, counted; see `Tally`.
    case denied(Denial?, count: Int)
    case signInsFailed(FailedSignIn?, count: Int)
}

/// A token to be made. The text itself is for whoever asked and goes no further.
package struct TokenWish: Hashable, Sendable {
    package static let maximumGrants = 20
    package static let maximumPatterns = 50
    package static let maximumAbout = 200

    package let id: TokenID
    package let hash: String
    package let owner: PersonName
    package let grants: [Grant]
    package let about: String
    /// Milliseconds since 1970; nothing if it lasts until it is revoked.
    package let expires: Int64?

    package init(
        _ text: TokenText, of owner: PersonName, grants: [Grant], about: String = "",
        expires: Int64? = nil
    ) {
        id = text.id
        hash = text.hash
        self.owner = owner
        self.grants = grants
        self.about = about
        self.expires = expires
    }

    /// The token as it is if it is made now. Its life is reckoned on both clocks.
    package func token(at now: Token.Instant) -> Token {
        let end = expires.map { wall in
            let life = wall.subtractingReportingOverflow(now.wall)
            let steady = now.steady.addingReportingOverflow(life.partialValue)
            let isEndless = life.overflow || steady.overflow
            return Token.Instant(wall: wall, steady: isEndless ? .max : steady.partialValue)
        }
        return Token(self, created: now, expires: end)
    }
}

extension Directory {
    /// What is to be put on record so that it agrees with what the vault holds: a house that went
    /// down between the two finds the difference when it starts.
    package func differences(from vault: [SecretName: Int]) -> [PeopleCommand] {
        let changed = vault.filter { secrets[$0.key] != $0.value }.sorted { $0.key < $1.key }
        let gone = secrets.filter { vault[$0.key] == nil }.sorted { $0.key < $1.key }
        return changed.map { .secretSet($0.key, version: $0.value) }
            + gone.map { .secretRemoved($0.key, version: $0.value) }
    }
}

/// Names that cannot be a person's, because they mean something else where people are named.
package enum ReservedNames {
    package static func contains(_ name: PersonName) -> Bool {
        let name = name.description.lowercased()
        return name == "slipway" || Role.allCases.contains { $0.words.contains(name) }
    }
}
