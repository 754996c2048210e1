import Client
import Pipelines

enum ApproveCommand: Command {
    static let words = Verdict.approve.words(
        "let an execution go on that waits for an approval",
        example: "slipway approve shop/42 production")

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try Verdict.approve.give(arguments, Self.self)
    }
}
