package import Pipelines

/// As whom ECS is asked, and what may be deployed there: `ecs` in `server.yml`.
package struct ECSAccount: Hashable, Sendable {
    /// Of the shared files (`~/.aws`), which may name a role; the standard chain of credentials if
    /// nothing is said.
    package var profile: String?
    package var endpoint: String?
    /// Any that AWS lets if nothing is said.
    package var clusters: [Glob] = []

    package init() {}

    static let shape = Shape<ECSAccount>.mapping(about: "as whom ECS is asked") { keys in
        var account = ECSAccount()
        account.profile = keys.optional(
            "profile", .string, about: "the profile of the shared files (~/.aws)")
        account.endpoint = keys.optional(
            "endpoint", .endpoint, about: "where AWS is asked, if not at its own addresses")
        let clusters = keys.optional(
            "clusters", .oneOrMany(.glob),
            about: "the clusters that may be deployed to, such as 'shop-*'; all if left out")
        account.clusters = clusters ?? []
        return account
    }
}
