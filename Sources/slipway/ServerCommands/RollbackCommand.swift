import Client
import HTTP
import JSON
import Pipelines

enum RollbackCommand: Command {
    private static let to = Flag(
        "--to", "WHICH", .served(.releases),
        "a release such as r7, or the execution whose revisions are put back; without it what was "
            + "there before")

    static let words = CommandWords(
        "rollback", "put back what an environment, or a stage, had before",
        forms: [
            Form(
                takes: [to, .strategy, .dryRun, .followed, .agreed] + .ofServer + [.json],
                operands: [Operand("ENVIRONMENT", .served(.environments))]),
            Form(
                takes: [
                    to, .followed,
                    Flag("--quiet", "with '--follow': leave out what the commands print"),
                    .agreed,
                ] + .ofServer + [.json],
                operands: [Operand("PIPELINE", .pipeline), Operand("STAGE", .served(.stages))]),
        ],
        prose: [
            "In an environment the release is put back that was there before, or '--to r7': "
                + "the same files run again, and it goes by the same steps as any deployment. What "
                + "it will do is shown first, and the answer holds for just that. A deployment "
                + "that is under way is turned back.",
            "For a stage it starts an execution of earlier revisions there, which goes before "
                + "others and asks at no gate.",
        ],
        examples: [
            .init("slipway rollback production", "shows what it would do, and asks"),
            .init("slipway rollback production --to r7 --by all-at-once", "r7, and quickly"),
            .init("slipway rollback shop production", "the version before, by that stage"),
            .init("slipway rollback shop production --to 40", "what execution 40 brought"),
        ],
        exits: .following)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let given = try arguments.operands(1...2, example: "rollback production")
        guard given.count == 2 else {
            let rollback = try EnvironmentRollback(
                given[0], to: arguments.value(of: "--to"), arguments)
            return asking(arguments, Self.self) { remote throws(ClientError) in
                try rollback.run(arguments, remote)
            }
        }
        for flag in [Flag.strategy, .dryRun] where arguments.has(flag.name) {
            throw UsageError(
                "'\(flag.name)' is for environments, and a stage is named",
                hint: "name the environment alone: 'slipway rollback \(Report.visible(given[1]))'")
        }
        var body: [JSON.Member] = []
        if let written = arguments.value(of: "--to") {
            let last = written.split(separator: "/").last.map(String.init) ?? written
            guard let number = Int(last), number > 0 else {
                throw UsageError(
                    "'--to \(Report.visible(written))' is no execution", hint: "write '--to 40'")
            }
            body.append(.init("to", .int(number)))
        }
        let wish = JSON.object(body)
        return asking(arguments, Self.self) { remote throws(ClientError) in
            let what = body.isEmpty ? "the version before" : "an earlier version"
            try arguments.agree(
                to: Report.visible("Put \(what) back into stage '\(given[1])' of '\(given[0])'?"))
            let answer = try remote.client.send(
                .post, ["pipelines", given[0], "stages", given[1], "rollback"], wish,
                key: Client.newKey())
            return try StartCommand.began(answer, remote, arguments)
        }
    }
}

extension Flag {
    static let agreed = Flag("--yes", "do not ask whether it is meant")
}

extension Arguments {
    /// Asks a person who is there; without one it has to be said beforehand.
    func agree(to question: String) throws(ClientError) {
        if has("--yes") { return }
        guard Terminal.isThere else {
            throw ClientError(
                .usage, "nobody is at a terminal to be asked: \(question)",
                hint: "add '--yes' if it is meant")
        }
        guard Terminal.agrees(to: question) else {
            throw ClientError(.usage, "nothing was done", hint: "answer 'y' if it is meant")
        }
    }
}
