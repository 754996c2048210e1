import Client
import Pipelines

enum RejectCommand: Command {
    static let words = Verdict.reject.words(
        "turn down an execution that waits for an approval",
        example: "slipway reject shop/42 production --reason 'not before Monday'")

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try Verdict.reject.give(arguments, Self.self)
    }
}
