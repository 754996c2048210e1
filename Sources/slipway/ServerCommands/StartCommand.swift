import Client
import HTTP
import JSON
import Pipelines

enum StartCommand: Command {
    static let words = CommandWords(
        "start", "start an execution on a server",
        forms: [
            Form(
                takes: [
                    Flag(
                        "--source", "NAME=COMMIT", .text,
                        "a commit, branch or tag of a source, or the digest of an image; the "
                            + "newest that was seen without it"),
                    Flag("--variable", "NAME=VALUE", .text, "a value for a variable"),
                    .followed,
                    Flag("--quiet", "with '--follow': leave out what the commands print"),
                ] + .ofServer + [.json],
                operands: [Operand("PIPELINE", .pipeline)])
        ],
        prose: [
            "With '--follow' it ends with the code of the execution. It goes on through restarts "
                + "of the server. Ctrl-C leaves it, and stops nothing: `slipway stop` does that."
        ],
        examples: [
            .init("slipway start shop --follow", "runs 'shop' and stays until it is over"),
            .init(
                "slipway start shop --source app=4fd2a80 --variable region=north",
                "a certain commit, and a value for a variable"),
        ],
        exits: .following)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let name = try arguments.operands(1...1, example: "start shop")[0]
        let sources = try arguments.pairs(of: "--source", example: "app=0123abc")
        let variables = try arguments.pairs(of: "--variable", example: "region=north")
        return asking(arguments, Self.self) { remote throws(ClientError) in
            let answer = try remote.client.send(
                .post, ["pipelines", name, "executions"], body(sources, variables),
                key: Client.newKey())
            return try began(answer, remote, arguments)
        }
    }

    /// Says what was started, and stays with it if that is wanted.
    static func began(
        _ answer: ServerAnswer, _ remote: Remote, _ arguments: Arguments
    ) throws(ClientError) -> Int32 {
        let done = try answer.read(DoneWords.self, from: remote.client.address)
        guard let (pipeline, number) = ExecutionName.parse(done.execution) else {
            throw ClientError(
                .garbled, "\(remote.client.address) does not say what was started",
                hint: "`slipway executions` lists what there is")
        }
        let name = Report.visible("\(pipeline)/\(number)")
        guard arguments.has("--follow") else {
            let said = remote.face.isJSON ? JSONLines.line(answer.body) : "\(name) started"
            Output.print(said + "\n")
            return ExitCode.success
        }
        var following = Following(
            remote, pipeline, number, showsOutput: !arguments.has("--quiet"))
        return try following.run()
    }

    private static func body(
        _ sources: [(String, String)], _ variables: [(String, String)]
    ) -> JSON {
        var members: [JSON.Member] = []
        if !sources.isEmpty {
            let commits = sources.map { JSON.Member($0.0, ["commit": .string($0.1)]) }
            members.append(.init("revisions", .object(commits)))
        }
        if !variables.isEmpty {
            let values = variables.map { JSON.Member($0.0, .string($0.1)) }
            members.append(.init("variables", .object(values)))
        }
        return .object(members)
    }
}

extension [CommandWords.Exit] {
    static let following: [CommandWords.Exit] = [
        .init(ExitCode.success, "done; with '--follow': it succeeded"),
        .init(ExitCode.failure, "it failed"), .init(ExitCode.usage, "a mistake in usage"),
        .init(ExitCode.stopped, "it was stopped, or somebody left it with Ctrl-C"),
        .init(ExitCode.host, "this machine could not do its part"),
        .init(ExitCode.server, "the server refused, or could not be reached"),
    ]
}
