import Client
import Pipelines

enum ApprovalsCommand: Command {
    static let words = CommandWords(
        "approvals", "list what waits for somebody's approval",
        forms: [Form(takes: .ofServer + [.json])],
        prose: ["Shows what is asked now, of whom and until when."],
        examples: [.init("slipway approvals", "all that waits for an answer")],
        exits: .ofServer)

    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        try arguments.requireNoOperands()
        return asking(arguments, Self.self) { remote throws(ClientError) in
            let listing = try remote.client.list(ApprovalWords.self, "approvals")
            remote.face.show(listing, empty: "nothing waits for an approval") { approvals in
                var table = Table("EXECUTION", "STAGE", "OF", "ASKED", "ENDS")
                for approval in approvals {
                    table.add(
                        .init(approval.execution), .init(approval.stage), .init(approval.whom),
                        .init(remote.face.ago(approval.asked)),
                        .init(remote.face.ago(approval.deadline), .waiting))
                }
                return table
            }
            return ExitCode.success
        }
    }
}

extension ApprovalWords {
    var whom: String {
        let names = by.isEmpty ? "somebody who may approve" : by.joined(separator: " or ")
        return needed > 1 ? "\(needed) of \(names), \(votes.count) so far" : names
    }
}
