import Client
import HTTP
import JSON
import Pipelines

enum RetryCommand: Command {
    static let words = CommandWords(
        "retry", "run what failed in an execution once more",
        forms: [
            Form(
                takes: [
                    Flag("--all", "run all actions of the stage, also those that succeeded"),
                    .followed,
                    Flag("--quiet", "with '--follow': leave out what the commands print"),
                ] + .ofServer + [.json],
                operands: [
                    Operand("PIPELINE/NUMBER", .execution),
                    Operand("STAGE", .served(.stages), count: .perhaps),
                ])
        ],
        prose: [
            "Without a stage, the one that failed is meant. The same revisions are used, and gates "
                + "ask again."
        ],
        examples: [
            .init("slipway retry shop/42", "the actions that failed"),
            .init("slipway retry shop/42 test --all", "all of stage 'test'"),
        ],
        exits: .following)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        let (pipeline, number, rest) = try arguments.execution(
            more: 0...1, example: "retry shop/42 test")
        return asking(arguments, Self.self) { remote throws(ClientError) in
            let path = ["pipelines", pipeline, "executions", "\(number)"]
            var stage = rest.first ?? ""
            if rest.isEmpty { stage = try failedStage(remote, path) }
            let answer = try remote.client.send(
                .post, path + ["stages", stage, "retry"],
                ["scope": arguments.has("--all") ? "all" : "failed"], key: Client.newKey())
            guard arguments.has("--follow") else {
                let name = Report.visible("\(pipeline)/\(number): stage '\(stage)'")
                Output.print(
                    (remote.face.isJSON ? JSONLines.line(answer.body) : "\(name) is tried again")
                        + "\n")
                return ExitCode.success
            }
            var following = Following(
                remote, pipeline, number, showsOutput: !arguments.has("--quiet"))
            return try following.run()
        }
    }

    private static func failedStage(
        _ remote: Remote, _ path: [String]
    ) throws(ClientError) -> String {
        let execution = try remote.client.told(
            ExecutionDetail.self, ServerCall(.get, path: path)
        ).value
        guard let stage = execution.stages.last(where: { $0.condition == .failed }) else {
            throw ClientError(
                .usage, "no stage of \(Report.visible(execution.execution)) has failed",
                hint: "name the stage: 'slipway retry shop/42 test'")
        }
        return stage.name
    }
}
