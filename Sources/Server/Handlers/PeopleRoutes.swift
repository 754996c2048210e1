import Conductor
import Engine
import HTTP
import JSON
import People
import Pipelines
import Zones

/// People and their tokens.
enum PeopleRoutes {
    private static let person: [Route.Segment] = ["api", "v1", "people", .parameter(.person)]

    static let all: [Route] = [
        Route(
            .get, ["api", "v1", "tokens"], .house(.administer),
            "List tokens, also those that were revoked of late.", query: [.limit, .after],
            answers: [.json("Tokens.", ShownToken.view.page)], handle: tokens),
        Route(
            .post, ["api", "v1", "tokens"], .house(.administer),
            "Make a token. Its text is in the answer and nowhere else.",
            body: Wish.shape.form, answers: [.json("The token.", NewToken.view, status: 201)],
            handle: make),
        Route(
            .delete, ["api", "v1", "tokens", .parameter(.token)], .house(.administer),
            "Revoke a token, from now on and for good.",
            answers: [.nothing(204, "It lets nobody in any more.")], handle: revoke),
        Route(
            .get, ["api", "v1", "people"], .house(.administer),
            "List people: what they may do, and what they are called in commits.",
            query: [.limit, .after], answers: [.json("People.", ShownPerson.view.page)],
            handle: people),
        Route(
            .put, person, .house(.administer), "Say what somebody is called in commits.",
            body: aliasShape.form, answers: [.json("It is so now.", Done.view)], handle: set),
        Route(
            .delete, person, .house(.administer), "Forget what somebody is called in commits.",
            answers: [.nothing(204, "It is forgotten.")], handle: remove),
    ]

    private static func tokens(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let after = try call.cursor(TokenID.init(_:))
        let all = call.state.people.tokens.values.sorted { $0.id < $1.id }
            .filter { token in after.map { $0 < token.id } ?? true }
        let next = all.count > limit ? all[limit - 1].id.description : nil
        let items = all.prefix(limit).map { token in
            ShownToken(
                token: token, now: call.now.instant, used: call.house.uses.last(of: token.id))
        }
        return .json(ShownToken.view.page, Page(items: items, next: next))
    }

    private static func make(_ call: Call) throws(Problem) -> Deed {
        let wish = try call.body(Wish.shape)
        guard let random = call.house.random(TokenText.randomBytes),
            let text = TokenText(random: random)
        else { throw .defect("the system gave no random bytes") }
        let command = PeopleCommand.make(
            TokenWish(
                text, of: wish.name, grants: wish.grants, about: wish.about,
                expires: wish.expires))
        let made = NewToken(id: text.id, text: text.text, owner: wish.name, expires: wish.expires)
        return .submit(Message(.people(command), by: call.person())) { _ in
            .json(NewToken.view, made, status: 201)
        }
    }

    private static func revoke(_ call: Call) throws(Problem) -> Deed {
        let id = try call.path(\.token)
        return .submit(
            Message(.people(.revoke(id, reason: "")), by: call.person())
        ) { _ in Response(204) }
    }

    private static func people(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let after = try call.cursor(PersonName.init(_:))
        let all = ShownPerson.all(in: call.state.people, at: call.now.instant)
            .filter { person in after.map { $0 < person.name } ?? true }
        let next = all.count > limit ? all[limit - 1].name.description : nil
        return .json(ShownPerson.view.page, Page(items: Array(all.prefix(limit)), next: next))
    }

    private static func set(_ call: Call) throws(Problem) -> Deed {
        let account = Account(try call.path(\.person), aliases: try call.body(aliasShape))
        return .submit(
            Message(.people(.set(account)), by: call.person()), then: Done.done(nil))
    }

    private static func remove(_ call: Call) throws(Problem) -> Deed {
        let person = try call.path(\.person)
        return .submit(Message(.people(.remove(person)), by: call.person())) { _ in Response(204) }
    }
}

// What they send.
extension PeopleRoutes {
    private static let aliasShape = BodyShape<[String]>(
        "Aliases", "What somebody is called in commits."
    ) { members in
        members.texts(
            "aliases", "Names and e-mail addresses that stand in their commits.",
            "names and addresses", atMost: Account.maximumAliases
        ) { $0 }
    }

    private struct Wish {
        let name: PersonName
        let grants: [Grant]
        let about: String
        let expires: Int64?

        static let shape = BodyShape<Wish>("TokenWish", "A token to be made.") { members in
            let name = members.parsed(
                "name", "Whose it is.", PathParameter.person.shape, NameRule.hint,
                PersonName.init(_:))
            let grants = members.list(
                "roles", "What it is good for.", atMost: TokenWish.maximumGrants, grant)
            let about = members.text(
                "about", "What it is for.", atMost: TokenWish.maximumAbout, orElse: "")
            let expires = members.parsed(
                "expires", "When it ends; if left out, when it is revoked.", .time,
                "a time such as '2027-01-01T00:00:00Z'", orElse: .some(nil)
            ) { text in Timestamp.milliseconds(text).map(Optional.some) }
            guard let name, let grants, let about, let expires else { return nil }
            return Wish(name: name, grants: grants, about: about, expires: expires)
        }

        private static func grant(_ members: inout Members) -> Grant? {
            let role: Role? = members.word("role", "The role.")
            let pipelines = globs("pipelines", "Patterns over pipelines.", &members)
            let environments = globs("environments", "Patterns over environments.", &members)
            guard let role, let pipelines, let environments else { return nil }
            return Grant(role, pipelines: pipelines, environments: environments)
        }

        private static func globs(
            _ name: String, _ about: String, _ members: inout Members
        ) -> [Glob]? {
            members.texts(
                name, about + " Everywhere if left out.", "patterns such as 'shop-*'",
                atMost: TokenWish.maximumPatterns
            ) { try? Glob(parsing: $0) }
        }
    }
}

struct ShownToken {
    let token: Token
    let now: Token.Instant
    let used: Int64?

    static let view = View<ShownToken>(
        "Token", "A token; its text is known to whoever holds it alone.",
        [
            .text("id", "What it is called.") { $0.token.id.description },
            .text("name", "Whose it is.") { $0.token.owner.description },
            .list("roles", "What it is good for.", of: grantView) { $0.token.grants },
            .text("about", "What it is for.") { $0.token.about },
            .word("status", "Whether it lets anybody in.", among: words) {
                $0.token.status(at: $0.now).rawValue
            },
            .time("created", "When it was made.") { Int($0.token.created.wall) },
            .time("last-used", "When it was last shown, to the minute, as far as is known.") {
                $0.used.map { Int($0) }
            },
            .time("expires", "When it ends by itself.") { $0.token.expires.map { Int($0.wall) } },
            .time("revoked", "When it was revoked.") { $0.token.revoked.map { Int($0.wall) } },
        ])

    private static let words = Token.Status.allCases.map(\.rawValue)
}

private struct NewToken {
    let id: TokenID
    let text: String
    let owner: PersonName
    let expires: Int64?

    static let view = View<NewToken>(
        "NewToken", "A token that was just made.",
        [
            .text("id", "What it is called.") { $0.id.description },
            .text("token", "What to show as a bearer. It is told this once.") { $0.text },
            .text("name", "Whose it is.") { $0.owner.description },
            .time("expires", "When it ends by itself.") { $0.expires.map { Int($0) } },
        ])
}
