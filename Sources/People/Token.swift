import Cryptography

/// A right to ask, as the house keeps it: nothing here lets anybody in.
package struct Token: Hashable, Sendable, Codable {
    package let id: TokenID
    /// SHA-256 of the whole text. It has 256 random bits in it, so there is nothing to guess.
    package let hash: String
    package let owner: PersonName
    package let grants: [Grant]
    /// What it is for, in its owner's words.
    package let about: String
    package let created: Instant
    /// Nothing if it lasts until it is revoked.
    package let expires: Instant?
    package internal(set) var revoked: Instant?

    /// A time on both clocks of the house, in milliseconds.
    package struct Instant: Hashable, Sendable, Codable {
        /// Since 1970.
        package let wall: Int64
        /// What the house has lived through.
        package let steady: Int64

        package init(wall: Int64, steady: Int64) {
            self.wall = wall
            self.steady = steady
        }

        /// Whether it has come, on either clock: one that is set back gives nobody more time, and
        /// neither does a house that was switched off.
        package func hasCome(at now: Instant) -> Bool { now.wall >= wall || now.steady >= steady }
    }

    init(_ wish: TokenWish, created: Instant, expires: Instant?) {
        id = wish.id
        hash = wish.hash
        owner = wish.owner
        grants = wish.grants
        about = wish.about
        self.created = created
        self.expires = expires
    }

    package enum Status: String, Sendable, CaseIterable {
        case valid, expired, revoked
    }

    package func status(at now: Instant) -> Status {
        if revoked != nil { return .revoked }
        return expires?.hasCome(at: now) == true ? .expired : .valid
    }

    /// Whether this is the text that it was made with. It takes as long for one that is nearly
    /// right as for any other.
    package func isMade(of text: TokenText) -> Bool {
        ConstantTime.areEqual(Array(text.hash.utf8), Array(hash.utf8))
    }

    /// Whoever shows it.
    package var caller: Caller { Caller(owner, grants: grants, token: id) }
}
