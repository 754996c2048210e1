/// A kind of server that tells of pushes. What it signs and how is its own.
package enum Forge: String, Hashable, Sendable, CaseIterable {
    case github, gitea, forgejo, gitlab, bitbucket

    /// Headers that name one delivery, the first of them that is there. A repeated delivery has the
    /// same.
    var deliveryHeaders: [String] {
        switch self {
        case .github: ["x-github-delivery"]
        case .gitea: ["x-gitea-delivery"]
        case .forgejo: ["x-forgejo-delivery", "x-gitea-delivery"]
        case .gitlab: ["webhook-id", "idempotency-key", "x-gitlab-event-uuid"]
        case .bitbucket: ["x-request-uuid", "x-request-id"]
        }
    }

    var eventHeaders: [String] {
        switch self {
        case .github: ["x-github-event"]
        case .gitea: ["x-gitea-event"]
        case .forgejo: ["x-forgejo-event", "x-gitea-event"]
        case .gitlab: ["x-gitlab-event"]
        case .bitbucket: ["x-event-key"]
        }
    }

    /// Events after which refs may be others than before.
    var pushes: Set<String> {
        switch self {
        case .github, .gitea, .forgejo: ["push", "create", "delete"]
        case .gitlab: ["Push Hook", "Tag Push Hook", "System Hook"]
        case .bitbucket: ["repo:push", "repo:refs_changed"]
        }
    }

    var pings: Set<String> {
        switch self {
        case .github, .gitea, .forgejo: ["ping"]
        case .gitlab: []
        case .bitbucket: ["diagnostics:ping"]
        }
    }
}
