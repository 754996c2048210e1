// What the server tells of approvals and of what is kept from people: tokens and secrets.

package struct ApprovalWords: Decodable, Sendable {
    package struct Vote: Decodable, Sendable {
        package let person: String
    }

    /// What would ship of one source.
    package struct Shipment: Decodable, Sendable {
        package let source: String
        /// The commit, or the image's digest, that is there now.
        package let from: String?
        package let to: String
        /// Whether the commits between them are told.
        package let known: Bool
        /// There are more than are told.
        package let cut: Bool
        package let commits: [Commit]
        /// The files that they change, where the server tells them.
        package let files: [String]?
    }

    package struct Commit: Decodable, Sendable {
        package let id: String
        package let subject: String
        package let author: String
    }

    package let id: String
    package let execution: String
    package let stage: String
    package let question: String?
    package let url: String?
    /// The digest of what is approved. An answer holds for this and nothing else.
    package let subject: String
    package let by: [String]
    package let needed: Int
    package let reasonRequired: Bool
    package let votes: [Vote]
    package let asked: Instant?
    package let deadline: Instant?
    package let ships: [Shipment]

    private enum CodingKeys: String, CodingKey {
        case id, execution, stage, question, url, subject, by, needed, votes, asked, deadline, ships
        case reasonRequired = "reason-required"
    }
}

package struct CallerWords: Decodable, Sendable {
    package let name: String
    package let expires: Instant?
}

package struct GrantWords: Decodable, Sendable {
    package let role: String
    /// Patterns; everywhere if there are none.
    package let pipelines: [String]
    package let environments: [String]
}

/// Somebody whom the server knows.
package struct PersonWords: Decodable, Sendable {
    package struct Role: Decodable, Sendable {
        package let grant: GrantWords
        /// The id of the token that gives it.
        package let token: String
        package let expires: Instant?

        private enum CodingKeys: String, CodingKey { case token, expires }

        package init(from decoder: any Decoder) throws {
            grant = try GrantWords(from: decoder)
            let members = try decoder.container(keyedBy: CodingKeys.self)
            token = try members.decode(String.self, forKey: .token)
            expires = try members.decodeIfPresent(Instant.self, forKey: .expires)
        }
    }

    package let name: String
    /// What they are called in commits.
    package let aliases: [String]
    /// Nothing from a server that does not tell yet.
    package let roles: [Role]?
}

package struct TokenWords: Decodable, Sendable {
    package let id: String
    package let name: String
    package let roles: [GrantWords]
    package let about: String
    /// Whether it lets anybody in.
    package let status: String
    package let created: Instant?
    /// To the minute; nothing if it is not known to have been shown.
    package let lastUsed: Instant?
    package let expires: Instant?

    private enum CodingKeys: String, CodingKey {
        case id, name, roles, about, status, created, expires
        case lastUsed = "last-used"
    }
}

package struct NewTokenWords: Decodable, Sendable {
    package let id: String
    /// Told once, when it is made.
    package let token: String
}

package struct SecretWords: Decodable, Sendable {
    package let name: String
    package let version: Int
    package let set: Instant?
}

package struct RunnerWords: Decodable, Sendable {
    package let name: String
    package let places: Int
    /// How many actions it runs now, and how many wait for a place.
    package let used: Int
    package let queued: Int
}

package struct RecordWords: Decodable, Sendable {
    package struct Details: Decodable, Sendable {
        package let pipeline: String?
        package let execution: String?
    }

    package let sequence: Int
    package let at: Instant?
    package let by: String
    package let event: String
    package let details: Details
}

package struct VerdictWords: Decodable, Sendable {
    package let clean: Bool
    /// The first thing that is wrong.
    package let fault: String?
    package let records: Int?
    package let hash: String?
    /// How many records a checkpoint covers.
    package let signed: Int?
}
