package import Pipelines

/// Something that happened to people, or that they were kept from.
package enum PeopleEvent: Hashable, Sendable, Codable {
    case tokenMade(token: Token)
    case tokenRevoked(token: TokenID, reason: String)
    case accountSet(account: Account)
    case accountRemoved(person: PersonName)
    /// Its value stands nowhere but in the vault.
    case secretSet(secret: SecretName, version: Int)
    case secretRemoved(secret: SecretName, version: Int)
    /// How often this was denied since it was last told of. Without a denial: how often others
    /// were, of which there were too many to tell.
    case denied(denial: Denial?, count: Int)
    case signInsFailed(failure: FailedSignIn?, count: Int)
}

/// Something that somebody may not do and tried to.
package struct Denial: Hashable, Sendable, Codable {
    package let caller: PersonName
    package let token: TokenID
    package let permission: Permission
    /// Nothing if it was about the house as a whole.
    package let pipeline: PipelineName?

    package init(_ caller: Caller, _ permission: Permission, on pipeline: PipelineName?) {
        self.caller = caller.name
        token = caller.token
        self.permission = permission
        self.pipeline = pipeline
    }
}

/// Why a token lets nobody in. Whoever showed it is told the same in every case.
package struct Rejection: Error, Hashable, Sendable, Codable {
    package enum Cause: String, Sendable, Codable, CaseIterable {
        case malformed, mistyped, unknown, expired, revoked
    }

    package let cause: Cause
    /// If it is one of the house: what a stranger makes up does not get onto the record.
    package let token: TokenID?

    package init(_ cause: Cause, token: TokenID? = nil) {
        self.cause = cause
        self.token = token
    }
}

/// A rejection and where it came from.
package struct FailedSignIn: Hashable, Sendable, Codable {
    /// An IPv4 address, or the first half of an IPv6 address: the other half is for its owner to
    /// choose.
    package let address: String
    package let rejection: Rejection

    package init(from address: String, _ rejection: Rejection) {
        self.address = PeerNetwork.of(address)
        self.rejection = rejection
    }
}
