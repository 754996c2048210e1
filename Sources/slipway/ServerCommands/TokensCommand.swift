import Client
import HTTP
import JSON
import Pipelines
import Zones

enum TokensCommand: Command {
    private static let create = [
        Flag(
            "--role", "ROLE", .oneOf(["viewer", "developer", "release-manager", "admin"]),
            "what it may do; may be repeated"),
        Flag("--pipelines", "GLOB", .pipeline, "only in these pipelines; may be repeated"),
        Flag(
            "--environments", "GLOB", .served(.environments),
            "only to these environments; may be repeated"),
        Flag(
            "--expires", "TIME", .text, "after so long, such as '90d', or 'never'; 90d without it"),
        Flag("--about", "TEXT", .text, "what it is for"),
    ]

    static let words = CommandWords(
        "tokens", "list, create and revoke the tokens that a server takes",
        forms: [
            Form(
                "list",
                "shows whose they are, what they may, when they were used; so does no word at all.",
                takes: .ofServer + [.json]),
            Form(
                "create", "makes a token and prints it, this once.",
                takes: create + .ofServer + [.json], operands: [Operand("NAME", .served(.people))]),
            Form(
                "revoke", "ends a token, at once and for good.", takes: [.agreed] + .ofServer,
                operands: [Operand("ID", .served(.tokens))]),
        ],
        prose: ["The server keeps only a hash of a token: nobody can print it again."],
        examples: [
            .init(
                "slipway tokens create ada --role developer --pipelines 'shop*' --expires 30d",
                "a token for Ada"),
            .init("slipway tokens revoke 7f3a", "ends the token with this id"),
        ],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        switch try arguments.verb(of: Self.self, orElse: "list").verb {
        case "create": return try create(arguments)
        case "revoke":
            let example = "tokens revoke ID"
            let id = try arguments.operands(1...1, after: "revoke", example: example)[0]
            return asking(arguments, Self.self) { remote throws(ClientError) in
                try arguments.agree(to: "Revoke token '\(Report.visible(id))'?")
                try remote.client.send(.delete, ["tokens", id])
                Output.print("token \(Report.visible(id)) is revoked\n")
                return ExitCode.success
            }
        default:
            _ = try arguments.operands(0...1, example: "tokens list")
            return asking(arguments, Self.self, list)
        }
    }

    private static func create(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let example = "tokens create ada --role developer"
        let name = try arguments.operands(1...1, after: "create", example: example)[0]
        let roles = arguments.values(of: "--role")
        guard !roles.isEmpty else {
            throw UsageError(
                "it is not said what the token may do",
                hint: "add '--role viewer', 'developer', 'release-manager' or 'admin'")
        }
        let written = arguments.value(of: "--expires") ?? "90d"
        let life = written == "never" ? nil : Duration(written: written)
        guard written == "never" || life != nil else {
            throw UsageError(
                "'--expires \(Report.visible(written))' is no time of a year at most",
                hint: "write '90d', '12h' or 'never'")
        }
        func globs(_ flag: String) -> JSON {
            .array(arguments.values(of: flag).map { .string($0) })
        }
        let grants = roles.map { role -> JSON in
            [
                "role": .string(role), "pipelines": globs("--pipelines"),
                "environments": globs("--environments"),
            ]
        }
        return asking(arguments, Self.self) { remote throws(ClientError) in
            var wish: [JSON.Member] = [
                .init("name", .string(name)), .init("roles", .array(grants)),
            ]
            if let about = arguments.value(of: "--about") {
                wish.append(.init("about", .string(about)))
            }
            if let life {
                let end = remote.face.now.milliseconds + Int64(life.milliseconds)
                wish.append(.init("expires", .string(Timestamp.text(milliseconds: end))))
            }
            let answer = try remote.client.send(
                .post, ["tokens"], .object(wish), key: Client.newKey())
            let made = try answer.read(NewTokenWords.self, from: remote.client.address)
            if remote.face.isJSON {
                Output.print(JSONLines.line(answer.body) + "\n")
            } else {
                Output.print(Report.visible(made.token) + "\n")
                Output.error(
                    "keep it now: it is not shown again; its id is \(Report.visible(made.id))\n")
            }
            return ExitCode.success
        }
    }

    private static func list(_ remote: Remote) throws(ClientError) -> Int32 {
        let listing = try remote.client.list(TokenWords.self, "tokens")
        remote.face.show(listing, empty: "there are no tokens") { tokens in
            var table = Table("ID", "NAME", "STATUS", "MAY", "MADE", "USED", "ENDS", "ABOUT")
            for token in tokens {
                let grants = token.roles.map(\.sentence).joined(separator: ", ")
                let used = token.lastUsed.map { remote.face.ago($0) } ?? "not seen"
                let end = token.expires.map { remote.face.ago($0) } ?? "never"
                table.add(
                    .init(token.id), .init(token.name), .init(token.status), .init(grants),
                    .init(remote.face.ago(token.created)), .init(used), .init(end),
                    .init(token.about, .faint))
            }
            return table
        }
        return ExitCode.success
    }
}

extension GrantWords {
    /// `developer on shop*`; on everything if no place is named.
    var sentence: String {
        let places = pipelines + environments.map { "environment \($0)" }
        return role + (places.isEmpty ? "" : " on " + places.joined(separator: " "))
    }
}
