import Client
import HTTP
import JSON
import Pipelines

enum RollbackCommand: Command {
    static let words = CommandWords(
        "rollback", "put back what a stage had before",
        forms: [
            Form(
                takes: [
                    Flag(
                        "--to", "NUMBER", .text,
                        "the execution whose revisions are put back; without it the last that "
                            + "succeeded before"),
                    Flag("--follow", "stay and show what happens, until it is over"),
                    Flag("--quiet", "with '--follow': leave out what the commands print"),
                    .agreed,
                ] + .ofServer + [.json],
                operands: [Operand("PIPELINE", .pipeline), Operand("STAGE", .served(.stages))])
        ],
        prose: [
            "Starts an execution of earlier revisions at this stage. It goes before others and "
                + "asks at no gate."
        ],
        examples: [
            .init("slipway rollback shop production", "the version before"),
            .init("slipway rollback shop production --to 40", "what execution 40 brought"),
        ],
        exits: .following)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let given = try arguments.operands(2...2, example: "rollback shop production")
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
