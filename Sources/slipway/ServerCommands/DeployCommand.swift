import Client
import Pipelines

enum DeployCommand: Command {
    static let words = CommandWords(
        "deploy", "put a release that is known into its environment",
        forms: [
            Form(
                takes: [.strategy, .dryRun, .followed, .agreed] + .ofServer + [.json],
                operands: [
                    Operand("ENVIRONMENT", .served(.environments)),
                    Operand("RELEASE", .served(.releases)),
                ])
        ],
        prose: [
            "Shows what it would do, and asks. New versions come from a pipeline: an action of "
                + "kind `deploy` makes a release of them, which can be put back for as long as "
                + "`slipway environments show` lists it.",
            "A version that a person has left is no longer kept from the pipeline then.",
        ],
        examples: [
            .init("slipway deploy production r7", "r7 again, as it was deployed the last time"),
            .init("slipway deploy production r7 --by blue-green --dry-run", "what would be done"),
        ],
        exits: .following)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
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
