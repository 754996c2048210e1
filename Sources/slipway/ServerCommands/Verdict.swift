import Client
import HTTP
import JSON
import Pipelines

/// What somebody answers to an approval that is asked: what would ship is shown first, and the
/// answer holds for just that.
enum Verdict: String {
    case approve, reject

    /// What of a change is shown.
    private static let mostCommits = 20
    private static let mostFiles = 20

    func words(_ about: String, example: String) -> CommandWords {
        CommandWords(
            rawValue, about,
            forms: [
                Form(
                    takes: [.reason, .agreed] + .ofServer,
                    operands: [
                        Operand("PIPELINE/NUMBER", .execution),
                        Operand("STAGE", .served(.stages), count: .perhaps),
                    ])
            ],
            prose: [
                "Shows what would ship: commits and files since what is there now. Then it asks; "
                    + "'--yes' answers beforehand. The answer holds for what was shown: if that "
                    + "has changed meanwhile, the server refuses it.",
                "The stage has to be named only where several wait for an answer.",
            ],
            examples: [.init(example, "shows what would ship, and asks")], exits: .ofServer)
    }

    func give(_ arguments: Arguments, _ command: any Command.Type) throws(UsageError) -> Int32 {
        let (pipeline, number, rest) = try arguments.execution(
            more: 0...1, example: "\(rawValue) shop/42 production")
        return asking(arguments, command) { remote throws(ClientError) in
            let listing = try remote.client.list(ApprovalWords.self, "approvals")
            let approval = try Self.choose(
                listing.items, pipeline, number, stage: rest.first)
            Self.show(approval, remote.face)
            let reason = arguments.value(of: "--reason") ?? ""
            guard !approval.reasonRequired || !reason.isEmpty else {
                throw ClientError(
                    .usage, "this gate wants a reason", hint: "add --reason 'TEXT'")
            }
            let question = self == .approve ? "Approve this?" : "Reject this?"
            try arguments.agree(to: question)
            try remote.client.send(
                .post, ["approvals", approval.id],
                [
                    "verdict": .string(rawValue), "comment": .string(reason),
                    "subject": .string(approval.subject),
                ], key: Client.newKey())
            let said = self == .approve ? "approved" : "rejected"
            Output.print(
                Report.visible("\(said) \(approval.execution) at stage '\(approval.stage)'") + "\n")
            return ExitCode.success
        }
    }

    /// The one that is meant.
    static func choose(
        _ all: [ApprovalWords], _ pipeline: String, _ number: Int, stage: String?
    ) throws(ClientError) -> ApprovalWords {
        let name = Report.visible("\(pipeline)/\(number)")
        let here = all.filter { $0.execution == "\(pipeline)/\(number)" }
        let meant = here.filter { stage == nil || $0.stage == stage }
        guard let first = meant.first else {
            let place = stage.map { " at stage '\(Report.visible($0))'" } ?? ""
            throw ClientError(
                .usage, "\(name) waits for no approval\(place)",
                hint: here.isEmpty
                    ? "`slipway why \(name)` tells what it waits for"
                    : "it waits at \(oneOf(here.map { Report.visible($0.stage) }))")
        }
        guard meant.count == 1 else {
            throw ClientError(
                .usage, "\(name) waits for several approvals",
                hint: "name the stage: \(oneOf(meant.map { Report.visible($0.stage) }))")
        }
        return first
    }

    private static func show(_ approval: ApprovalWords, _ face: Face) {
        let name = Report.visible(approval.execution)
        Output.print("\(name) at stage '\(Report.visible(approval.stage))'\n")
        Output.print("  asked of \(Report.visible(approval.whom))\n")
        if let question = approval.question { Output.print("  \(Report.visible(question))\n") }
        if let url = approval.url { Output.print("  \(Report.visible(url))\n") }
        if approval.deadline != nil { Output.print("  ends \(face.ago(approval.deadline))\n") }
        Output.print("would ship:\n")
        for shipment in approval.ships { show(shipment) }
    }

    private static func show(_ shipment: ApprovalWords.Shipment) {
        let from = shipment.from.map { " instead of \(ShortVersion.of($0))" } ?? ""
        let head = "  \(shipment.source) at \(ShortVersion.of(shipment.to))\(from)"
        let count = shipment.cut ? "more than" : ""
        let commits = shipment.known ? Output.count(shipment.commits.count, "commit") : ""
        let what = [count, commits].filter { !$0.isEmpty }.joined(separator: " ")
        Output.print(Report.visible(head + (what.isEmpty ? "" : ": \(what)")) + "\n")
        for commit in shipment.commits.prefix(mostCommits) {
            let line = "    \(commit.id.prefix(12)) \(commit.subject) (\(commit.author))"
            Output.print(Report.visible(line) + "\n")
        }
        more(shipment.commits.count, than: mostCommits)
        let files = shipment.files ?? []
        for file in files.prefix(mostFiles) { Output.print("    \(Report.visible(file))\n") }
        more(files.count, than: mostFiles)
    }

    private static func more(_ count: Int, than most: Int) {
        if count > most { Output.print("    and \(count - most) more\n") }
    }
}
