import People
import Pipelines

// People and their tokens. Whether whoever asks may do so was seen to before: that is known of the
// one who asks, and not of the engine.
extension Decision {
    mutating func decide(_ command: PeopleCommand) throws(Refusal) {
        switch command {
        case .make(let wish): try make(wish)
        case .revoke(let id, let reason): try revoke(id, reason)
        case .set(let account): try set(account)
        case .remove(let person):
            guard state.people.accounts[person] != nil else { return }
            try emit(.people(.accountRemoved(person: person)), by: by)
        case .secretSet(let secret, let version):
            guard state.people.secrets[secret] != version else { return }
            try emit(.people(.secretSet(secret: secret, version: version)), by: by)
        case .secretRemoved(let secret, let version):
            guard state.people.secrets[secret] != nil else { return }
            try emit(.people(.secretRemoved(secret: secret, version: version)), by: by)
        case .denied(let denial, let count):
            try emit(.people(.denied(denial: denial, count: count)), by: by)
        case .signInsFailed(let failure, let count):
            try emit(.people(.signInsFailed(failure: failure, count: count)), by: by)
        }
    }

    private mutating func make(_ wish: TokenWish) throws(Refusal) {
        try requireName(wish.owner)
        try requireGrants(wish.grants)
        guard wish.about.utf8.count <= TokenWish.maximumAbout else {
            throw Refusal(
                .invalid, "what the token is for has \(wish.about.utf8.count) bytes",
                hint: "say it in \(TokenWish.maximumAbout) or less")
        }
        if let expires = wish.expires, expires <= now.wall {
            throw Refusal(
                .invalid, "the token would have expired already",
                hint: "give a time to come, or none for one that lasts until it is revoked")
        }
        guard state.people.tokens[wish.id] == nil else {
            throw Refusal(
                .conflict, "there is a token '\(wish.id)' already", hint: "make another one")
        }
        guard state.people.tokensInUse < Directory.maximumTokens else {
            throw Refusal(
                .limit, "there are \(Directory.maximumTokens) tokens",
                hint: "revoke those that have expired or are not used")
        }
        try emit(.people(.tokenMade(token: wish.token(at: now.instant))), by: by)
    }

    private func requireName(_ name: PersonName) throws(Refusal) {
        guard !ReservedNames.contains(name) else {
            throw Refusal(
                .invalid, "'\(name)' cannot be a person's name",
                hint: "a gate that names it would mean everybody who has that role")
        }
    }

    private func requireGrants(_ grants: [Grant]) throws(Refusal) {
        guard 1...TokenWish.maximumGrants ~= grants.count else {
            throw Refusal(
                .invalid, "the token has \(grants.count) roles",
                hint: "give it 1 to \(TokenWish.maximumGrants)")
        }
        for grant in grants {
            let count = max(grant.pipelines.count, grant.environments.count)
            guard count <= TokenWish.maximumPatterns else {
                throw Refusal(
                    .invalid, "role '\(grant.role.rawValue)' is limited by \(count) patterns",
                    hint: "use \(TokenWish.maximumPatterns) or less; '*' stands for many names")
            }
        }
    }

    private mutating func revoke(_ id: TokenID, _ reason: String) throws(Refusal) {
        guard let token = state.people.tokens[id] else {
            throw Refusal(
                .unknown, "there is no token '\(id)'",
                hint: "`slipway tokens` lists those there are")
        }
        guard reason.utf8.count <= 1_000 else {
            throw Refusal(
                .invalid, "the reason has \(reason.utf8.count) bytes",
                hint: "say it in 1,000 or less")
        }
        // To revoke twice is what people do who want to be sure.
        guard token.revoked == nil else { return }
        guard state.people.administrators(at: now.instant) != [id] else {
            throw Refusal(
                .conflict, "'\(id)' is the last token of an administrator",
                hint: "make another one first, or nobody could")
        }
        try emit(.people(.tokenRevoked(token: id, reason: reason)), by: by)
    }

    private mutating func set(_ account: Account) throws(Refusal) {
        try requireName(account.name)
        guard account.aliases.count <= Account.maximumAliases else {
            throw Refusal(
                .invalid, "'\(account.name)' has \(account.aliases.count) other names",
                hint: "give \(Account.maximumAliases) or less")
        }
        for alias in account.aliases {
            guard 1...Account.maximumAliasLength ~= alias.utf8.count else {
                throw Refusal(
                    .invalid, "one of the other names of '\(account.name)' is too long, or empty",
                    hint: "give each 1 to \(Account.maximumAliasLength) bytes")
            }
        }
        let accounts = state.people.accounts
        guard accounts[account.name] != account else { return }
        guard accounts[account.name] != nil || accounts.count < Directory.maximumAccounts else {
            throw Refusal(
                .limit, "there are \(Directory.maximumAccounts) accounts",
                hint: "remove those of people who have left")
        }
        try emit(.people(.accountSet(account: account)), by: by)
    }
}
