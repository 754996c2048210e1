// What the server tells of approvals and of what is kept from people: tokens and secrets.

package struct ApprovalWords: Decodable, Sendable {
    package struct Vote: Decodable, Sendable {
        package let person: String
    }

    /// What would ship of one source.
    package struct Shipment: Decodable, Sendable {
        package let source: String
        /// The commit that is there now.
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
}

package struct GrantWords: Codable, Hashable, Sendable {
    package let role: String
    package let pipelines: [String]?
    package let environments: [String]?

    package init(role: String, pipelines: [String]?, environments: [String]?) {
        self.role = role
        self.pipelines = pipelines
        self.environments = environments
    }
}

package struct TokenWords: Decodable, Sendable {
    package let id: String
    package let name: String
    package let roles: [GrantWords]?
    package let created: Instant?
    package let expires: Instant?
    package let revoked: Instant?
    /// Told once, when it is made.
    package let token: String?
}

package struct SecretWords: Decodable, Sendable {
    package let name: String
    package let version: Int?
    package let changed: Instant?
    package let by: String?
}

package struct RunnerWords: Decodable, Sendable {
    package let name: String
    package let places: Int
    /// How many actions it runs now, and how many wait for a place.
    package let used: Int
    package let queued: Int
}

package struct AuditWords: Decodable, Sendable {
    package let sequence: Int
    package let at: Instant?
    package let by: String?
    package let event: String?
    package let pipeline: String?
    package let execution: String?
}

package struct AuditVerdict: Decodable, Sendable {
    package let clean: Bool
    package let records: Int?
    package let head: String?
    package let checkpoints: Int?
    package let signed: Int?
    package let record: Int?
    package let detail: String?
}
