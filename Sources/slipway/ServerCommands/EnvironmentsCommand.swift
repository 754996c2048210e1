import Client
import HTTP
import JSON
import Pipelines

enum EnvironmentsCommand: Command {
    private static let environment = Operand("ENVIRONMENT", .served(.environments))
    private static let lines = Flag(
        "--lines", "N", .text, "how many of its last lines; 200 without it")
    private static let takeOver = Flag("--take-over", "take over a lock that somebody else has")

    static let words = CommandWords(
        "environments", "show what is deployed where, and steer deployments",
        forms: [
            Form("list", "shows all of them; so does no word at all.", takes: .ofServer + [.json]),
            Form(
                "show",
                "shows one: what is there, what moves and how far, who answers, what runs.",
                takes: [
                    Flag("--follow", "stay, and show how it changes until the deployment is over"),
                    Flag("--check", "end with 1 if what runs there is not what should run"),
                ] + .ofServer + [.json], operands: [environment]),
            Form(
                "history", "shows what was deployed there, the newest first.",
                takes: [Flag("--limit", "N", .text, "how many to list; 20 without it, 100 at most")]
                    + .ofServer + [.json], operands: [environment]),
            Form(
                "logs", "prints the last lines of an instance, also of one that is gone.",
                takes: [lines] + .ofServer,
                operands: [environment, Operand("INSTANCE", .served(.instances))]),
            Form(
                "lock", "lets nothing new be deployed; what is under way goes on.",
                needs: [[.reason]], takes: [takeOver] + .ofServer, operands: [environment]),
            Form(
                "unlock", "lets deployments go on; they wait in their order.", takes: .ofServer,
                operands: [environment]),
            Form(
                "thaw", "lets what waits for a freeze to end begin all the same.",
                needs: [[.reason]], takes: .ofServer, operands: [environment]),
            Form(
                "pause", "stays at the step that a deployment is at.", takes: .ofServer,
                operands: [environment]),
            Form(
                "resume", "goes on with a deployment that is paused.", takes: .ofServer,
                operands: [environment]),
            Form(
                "promote", "goes on without the rest of the time that a step waits.",
                takes: .ofServer, operands: [environment]),
            Form(
                "clear", "ends all that runs there, and forgets what was there.",
                takes: [.agreed] + .ofServer, operands: [environment]),
        ],
        prose: [
            "`slipway rollback ENVIRONMENT` puts back what was there before, and `slipway deploy "
                + "ENVIRONMENT rN` any release that is still known.",
            "With '--follow' it ends with 0 when the deployment has succeeded, with 1 when it was "
                + "turned back. Ctrl-C leaves it, and stops nothing.",
        ],
        examples: [
            .init("slipway environments", "what is where, since when, and who put it there"),
            .init("slipway environments show production --follow", "stays until all has moved"),
            .init("slipway environments show production --check", "is what runs what should run?"),
            .init(
                "slipway environments lock production --reason 'a sale is on'",
                "nothing new is deployed there"),
            .init("slipway environments logs production i12", "what instance i12 has printed"),
        ],
        exits: .following)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let verb = try arguments.verb(of: Self.self, orElse: "list").verb
        switch verb {
        case "list":
            _ = try arguments.operands(0...1, example: "environments list")
            return asking(arguments, Self.self, list)
        case "logs": return try logs(arguments)
        default: break
        }
        let name = try arguments.operands(
            1...1, after: verb, example: "environments \(verb) production")[0]
        switch verb {
        case "show":
            return asking(arguments, Self.self) { remote throws(ClientError) in
                var following = EnvironmentFollowing(remote, name)
                guard arguments.has("--follow") else {
                    return try following.showOnce(checks: arguments.has("--check"))
                }
                return try following.run()
            }
        case "history":
            let limit = try arguments.limit(orElse: 20)
            return asking(arguments, Self.self) { remote throws(ClientError) in
                try history(of: name, min(limit, 100), remote)
            }
        case "clear":
            return asking(arguments, Self.self) { remote throws(ClientError) in
                let shown = Report.visible(name)
                try arguments.agree(to: "end all that runs in environment \(shown)?")
                try remote.client.send(.delete, ["environments", name])
                Output.print("what runs in \(shown) is ending\n")
                return ExitCode.success
            }
        default: return try steer(verb, name, arguments)
        }
    }

    private static func list(_ remote: Remote) throws(ClientError) -> Int32 {
        let listing = try remote.client.list(EnvironmentSummary.self, "environments")
        let empty = "there are no environments; a pipeline describes them under 'environments:'"
        remote.face.show(listing, empty: empty) { environments in
            var table = Table("ENVIRONMENT", "HEALTH", "RELEASE", "VERSION", "FOR", "BY")
            for environment in environments {
                let release = environment.release
                table.add(
                    .init(environment.name),
                    .init(environment.health, .init(health: environment.health)),
                    .init(release?.release ?? "-"), .init(release?.shortVersion ?? ""),
                    .init(release?.since.map { Ago.span(from: $0, to: remote.face.now) } ?? ""),
                    .init(release?.by ?? ""))
            }
            return table
        }
        // Below, because these are sentences, and there is no room for one in a row.
        for environment in listing.items where !remote.face.isJSON {
            for note in environment.notes { remote.face.tell("\(environment.name): \(note)") }
        }
        return ExitCode.success
    }

    private static func history(
        of name: String, _ limit: Int, _ remote: Remote
    ) throws(ClientError) -> Int32 {
        var call = ServerCall(.get, "environments", name)
        call.query = [.init("history", "\(limit)")]
        let answer = try remote.client.ask(call)
        let shown = try answer.read(EnvironmentDetail.self, from: remote.client.address)
        if remote.face.isJSON {
            for line in JSONLines.items(of: answer.body, under: "history") {
                Output.print(line + "\n")
            }
            return ExitCode.success
        }
        guard !shown.history.isEmpty else {
            Output.print("nothing was ever deployed to \(Report.visible(name))\n")
            return ExitCode.success
        }
        var table = Table("RELEASE", "OUTCOME", "WHEN", "TOOK", "STRATEGY", "BY", "FROM")
        for past in shown.history {
            let took = past.begun.map {
                Ago.elapsed(from: $0, to: past.ended ?? remote.face.now)
            }
            table.add(
                .init(past.release), .init(past.outcome, .init(outcome: past.outcome)),
                .init(remote.face.ago(past.ordered)), .init(took ?? ""), .init(past.strategy),
                .init(past.by), .init(past.execution ?? ""))
        }
        remote.face.show(table)
        for past in shown.history where !past.reason.isEmpty {
            let time = remote.face.ago(past.ordered)
            remote.face.tell("\(past.release), \(time): \(past.reason.firstLine)")
            // What it printed last, which is all that is left of what was turned back.
            for line in past.reason.furtherLines { Output.print("    \(line)\n") }
        }
        return ExitCode.success
    }

    private static func logs(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let given = try arguments.operands(
            2...2, after: "logs", example: "environments logs production i12")
        let lines = arguments.value(of: "--lines") ?? "200"
        guard let count = Int(lines), 1...10_000 ~= count else {
            throw UsageError(
                "'--lines \(Report.visible(lines))' is no number from 1 to 10000",
                hint: "write '--lines 50'")
        }
        return asking(arguments, Self.self) { remote throws(ClientError) in
            var call = ServerCall(.get, "environments", given[0], "instances", given[1], "log")
            call.accepts = "text/plain, application/problem+json"
            call.query = [.init("lines", "\(count)")]
            Output.print(server: try remote.client.ask(call).body)
            return ExitCode.success
        }
    }

    private static func steer(
        _ verb: String, _ name: String, _ arguments: Arguments
    ) throws(UsageError) -> Int32 {
        var body: JSON?
        if verb == "lock" {
            body = [
                "reason": .string(try arguments.reasonGiven()),
                "takeover": .bool(arguments.has("--take-over")),
            ]
        }
        if verb == "thaw" { body = ["reason": .string(try arguments.reasonGiven())] }
        return asking(arguments, Self.self) { remote throws(ClientError) in
            try remote.client.send(
                .post, ["environments", name, verb], body, key: Client.newKey())
            let done =
                switch verb {
                case "lock": "is locked: nothing new is deployed"
                case "unlock": "is unlocked"
                case "thaw": "lets what waits begin"
                case "pause": "stays at this step"
                case "resume": "goes on"
                default: "waits no longer"
                }
            Output.print("\(Report.visible(name)) \(done)\n")
            return ExitCode.success
        }
    }
}

extension EnvironmentSummary {
    fileprivate var notes: [String] {
        let moving = deployment.map { deployment in
            let paused = deployment.pausedBy.map { ", paused by \($0)" } ?? ""
            let step = deployment.present.map { ": \($0.sentence)" } ?? ""
            return
                "\(deployment.release), step \(deployment.step) of \(deployment.steps.count)" + step
                + paused
        }
        let locked = lock.map { "locked by \($0.by): \($0.reason)" }
        let frozen = frozen.map { "frozen: \($0)" }
        let wrong = drift.map { "\($0.role.map { "\($0): " } ?? "")\($0.sentence.firstLine)" }
        let queue = waiting == 0 ? nil : waiting == 1 ? "1 waits" : "\(waiting) wait"
        return [moving, locked, frozen].compactMap(\.self) + wrong + [queue].compactMap(\.self)
    }
}
