import Client
import Pipelines

enum DeployCommand: Command {
    private static let from = Flag(
        "--from", "ENVIRONMENT", .served(.environments),
        "instead of a release: just what is in that environment of the same pipeline")

    static let words = CommandWords(
        "deploy", "put a known release, or that of another, into an environment",
        forms: [
            Form(
                takes: [.strategy, from, .dryRun, .followed, .agreed] + .ofServer + [.json],
                operands: [
                    Operand("ENVIRONMENT", .served(.environments)),
                    Operand("RELEASE", .served(.releases), count: .perhaps),
                ])
        ],
        prose: [
            "Shows what it would do, and asks. New versions come from a pipeline: an action of "
                + "kind `deploy` makes a release of them, which can be put back for as long as "
                + "`slipway environments show` lists it.",
            "With '--from' an execution of its own runs the stage that deploys there, with what "
                + "is in the other environment, bit by bit, and with all its gates: approvals "
                + "are asked for as ever.",
            "A version that a person has left is no longer kept from the pipeline then.",
        ],
        examples: [
            .init("slipway deploy production r7", "r7 again, as it was deployed the last time"),
            .init("slipway deploy production r7 --by blue-green --dry-run", "what would be done"),
            .init("slipway deploy production --from staging", "what is in staging now"),
        ],
        exits: .following)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        if let source = arguments.value(of: "--from") {
            let name = try arguments.operands(1...1, example: "deploy production --from staging")
            guard arguments.value(of: "--by") == nil else {
                throw UsageError(
                    "'--by' and '--from' do not go together",
                    hint: "what is promoted goes as the stage deploys it")
            }
            let promotion = EnvironmentPromotion(name: name[0], source: source)
            return asking(arguments, Self.self) { remote throws(ClientError) in
                try promotion.run(arguments, remote)
            }
        }
        let given = try arguments.operands(2...2, example: "deploy production r7")
        let rollback = try EnvironmentRollback(given[0], to: given[1], arguments)
        return asking(arguments, Self.self) { remote throws(ClientError) in
            try rollback.run(arguments, remote)
        }
    }
}

extension Flag {
    static let strategy = Flag(
        "--by", "STRATEGY", .oneOf(Strategy.words),
        "how traffic goes over; without it as it did the last time")
    static let dryRun = Flag("--dry-run", "only show what would be done")
    static let followed = Flag("--follow", "stay and show what happens, until it is over")
}
