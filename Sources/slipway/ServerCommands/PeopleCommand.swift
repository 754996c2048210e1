import Client
import HTTP
import JSON
import Pipelines

enum PeopleCommand: Command {
    private static let alias = Flag(
        "--alias", "TEXT", .text, "a name or e-mail address in their commits; may be repeated")

    static let words = CommandWords(
        "people", "list who may do what, and say who writes commits as whom",
        forms: [
            Form(
                "list",
                "shows everybody with a token that is valid, their roles, where they hold them "
                    + "and by which token; so does no word at all.",
                takes: .ofServer + [.json]),
            Form(
                "set", "says what somebody is called in commits, in place of what was said.",
                needs: [[alias]], takes: .ofServer, operands: [Operand("NAME", .served(.people))]),
            Form(
                "remove", "forgets what somebody is called in commits; their tokens stay.",
                takes: [.agreed] + .ofServer, operands: [Operand("NAME", .served(.people))]),
        ],
        prose: [
            "A role comes from a token: `slipway tokens` makes and revokes them. Names in commits "
                + "are for approvals with four eyes, so that nobody approves what they wrote."
        ],
        examples: [
            .init("slipway people", "who may do what?"),
            .init(
                "slipway people set ada --alias ada@example.org --alias 'Ada Example'",
                "Ada's commits are Ada's"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let verb = try arguments.verb(of: Self.self, orElse: "list").verb
        guard verb != "list" else {
            _ = try arguments.operands(0...1, example: "people list")
            return asking(arguments, Self.self, list)
        }
        let example = verb == "set" ? "people set ada --alias ada@example.org" : "people remove ada"
        let name = try arguments.operands(1...1, after: verb, example: example)[0]
        let shown = Report.visible(name)
        guard verb == "set" else {
            return asking(arguments, Self.self) { remote throws(ClientError) in
                try arguments.agree(to: "Forget what '\(shown)' is called in commits?")
                try remote.client.send(.delete, ["people", name])
                Output.print("what \(shown) is called in commits is forgotten\n")
                return ExitCode.success
            }
        }
        let aliases = arguments.values(of: "--alias")
        guard !aliases.isEmpty else {
            throw UsageError(
                "it is not said what '\(shown)' is called in commits",
                hint: "write 'slipway \(example)'")
        }
        return asking(arguments, Self.self) { remote throws(ClientError) in
            try remote.client.send(
                .put, ["people", name], ["aliases": .array(aliases.map { .string($0) })])
            let list = aliases.map { "'\(Report.visible($0))'" }.joined(separator: ", ")
            Output.print("\(shown) writes commits as \(list)\n")
            return ExitCode.success
        }
    }

    /// A line for each role: a person may hold several, each with its own limits.
    private static func list(_ remote: Remote) throws(ClientError) -> Int32 {
        let listing = try remote.client.list(PersonWords.self, "people")
        remote.face.show(listing, empty: "there is nobody") { people in
            var table = Table("NAME", "MAY", "BY TOKEN", "ENDS", "IN COMMITS")
            for person in people {
                let aliases = Table.Cell(person.aliases.joined(separator: ", "), .faint)
                let roles = person.roles ?? []
                for (place, role) in roles.enumerated() {
                    table.add(
                        .init(person.name), .init(role.grant.sentence),
                        .init(role.token),
                        .init(role.expires.map { remote.face.ago($0) } ?? "never"),
                        place == 0 ? aliases : "")
                }
                if roles.isEmpty { table.add(.init(person.name), "nothing", "-", "", aliases) }
            }
            return table
        }
        return ExitCode.success
    }
}
