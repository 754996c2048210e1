/// What somebody may do, in four steps: each may all that the one before may.
package enum Role: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case viewer
    case developer
    case releaseManager = "release-manager"
    case admin

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    /// What a gate calls those who hold it; people write one of them, or all.
    package var words: [String] { [rawValue, rawValue + "s"] }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What can be asked of a house, as far as it matters who asks.
package enum Permission: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// To see pipelines, executions and logs.
    case look
    /// To start, stop and retry.
    case run
    /// To answer approvals, roll back, skip, and open and close transitions.
    case release
    /// Definitions, runners, secrets, people, the record.
    case administer

    /// The least of the roles that has it.
    package var role: Role {
        switch self {
        case .look: .viewer
        case .run: .developer
        case .release: .releaseManager
        case .administer: .admin
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.role < right.role }
}
