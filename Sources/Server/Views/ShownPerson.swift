import People
import Pipelines

/// Somebody whom the house knows: what they may do now, by which of their tokens, and what they are
/// called in commits.
struct ShownPerson {
    let name: PersonName
    let aliases: [String]
    let roles: [HeldRole]

    /// Everybody who has a token that is valid, or whose name in commits is known, by name.
    static func all(in people: Directory, at now: Token.Instant) -> [ShownPerson] {
        let valid = Dictionary(
            grouping: people.tokens.values.filter { $0.status(at: now) == .valid }, by: \.owner)
        return Set(valid.keys).union(people.accounts.keys).sorted().map { name in
            let tokens = (valid[name] ?? []).sorted { $0.id < $1.id }
            return ShownPerson(
                name: name, aliases: people.accounts[name]?.aliases ?? [],
                roles: tokens.flatMap { token in
                    token.grants.map { HeldRole(grant: $0, token: token) }
                })
        }
    }

    static let view = View<ShownPerson>(
        "Person", "Somebody: what they may do, and what they are called in commits.",
        [
            .text("name", "Their name here.") { $0.name.description },
            .texts(
                "aliases",
                "Their names and addresses in commits, so that four eyes are two people."
            ) { $0.aliases },
            .list(
                "roles", "What they may do by the tokens of theirs that are valid.",
                of: HeldRole.view
            ) { $0.roles },
        ])
}

/// A role, and the token that gives it.
struct HeldRole {
    let grant: Grant
    let token: Token

    static let view = View<HeldRole>(
        "HeldRole", "A role that somebody holds, where, and by which token.",
        grantView.members.map { member in
            View<HeldRole>.Member(
                name: member.name, about: member.about, shape: member.shape, parts: member.parts
            ) { member.value($0.grant) }
        } + [
            .text("token", "The id of the token.") { $0.token.id.description },
            .text("about", "What the token is for.") { $0.token.about },
            .time("expires", "When it ends by itself.") { $0.token.expires.map { Int($0.wall) } },
        ])
}
