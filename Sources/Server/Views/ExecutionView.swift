import Conductor
import Engine
import Pipelines
import Store

/// An execution in a list.
let executionSummary = View<History.Execution>(
    "ExecutionSummary", "An execution, in a line.",
    [
        .text("execution", "Its name, such as `shop/42`.") { "\($0.pipeline)/\($0.number)" },
        .text("pipeline", "Its pipeline.") { $0.pipeline },
        .count("number", "Its number in the pipeline.") { $0.number },
        .count("version", "The version of the definition that it was born with.") { $0.version },
        .text("status", "Where it is, or how it ended.") { $0.status },
        .optionalText("stage", "The last stage that it reached.") { $0.stage },
        .text("reason", "Why it ended so; empty if there is no more to say.") { $0.reason },
        .text("cause", "What started it.") { $0.cause },
        .text("by", "Who started it.") { $0.createdBy },
        .dictionary("commits", "The commit of each source, or the digest of an image.") {
            $0.commits
        },
        .time("created", "When it was created.") { $0.createdAt },
        .time("finished", "When it ended.") { $0.finishedAt },
    ])

extension History.Execution {
    var commits: [String: String] {
        revisions.split(separator: " ").reduce(into: [:]) { commits, word in
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { commits[String(parts[0])] = String(parts[1]) }
        }
    }
}

let revisionView = View<Revision>(
    "Revision", "A version of a source.",
    [
        .text("source", "The source's name.") { $0.source.description },
        .text("ref", "The branch or tag it was found at.") { $0.ref },
        .optionalText("commit", "The commit; nothing if it is an image.") { $0.commit },
        .optionalText("image", "The image by its digest, as `REPOSITORY@sha256:…`.") { revision in
            revision.image.map { "\($0)" }
        },
        .text("message", "What its author said of it.") { $0.message },
        .texts("authors", "Who wrote and pushed it.") { $0.authors },
        .time("committed", "When it was committed, by its committer's clock.") {
            $0.committedAt.map { $0 * 1_000 }
        },
    ])

/// An attempt, with where it belongs.
struct ShownAttempt {
    let execution: ExecutionID
    let row: History.Attempt

    private var path: String {
        "/api/v1/pipelines/\(execution.pipeline)/executions/\(execution.number)/attempts/"
            + "\(row.stage)/\(row.visit)/\(row.job)/\(row.number)"
    }

    static let view = View<ShownAttempt>(
        "Attempt", "One try at an action, or at the check of a gate.",
        [
            .text("stage", "The stage.") { $0.row.stage },
            .count("visit", "How often the execution had come to this stage.") { $0.row.visit },
            .text("job", "The action's name; `@before-1` for the check of the first gate before.") {
                $0.row.job
            },
            .count("attempt", "Which try it is.") { $0.row.number },
            .text("status", "Where it is, or how it ended.") { $0.row.status },
            .text("cause", "Why it was made.") { $0.row.cause },
            .text("reason", "Why it failed.") { $0.row.reason },
            .time("queued", "When it was asked for.") { $0.row.queuedAt },
            .time("started", "When it began.") { $0.row.startedAt },
            .time("finished", "When it ended.") { $0.row.finishedAt },
            .text("log", "Where its log is.") { "\($0.path)/log" },
            .text("tests", "Where its test report is, if it wrote one.") { "\($0.path)/tests" },
        ])
}

/// What waits, with times as the wall's clock has them.
struct ShownReason {
    let reason: Reason
    let since: Int?
    let deadline: Int?

    init(_ reason: Reason, for call: Call) {
        self.reason = reason
        since = reason.since.map(call.wall)
        deadline = reason.deadline.map(call.wall)
    }

    static let view = View<ShownReason>(
        "Reason", "What something waits for, in words.",
        [
            .text("subject", "What waits.") { $0.reason.subject },
            .text("waits-for", "What it waits for.") { $0.reason.waitsFor },
            .text("ends-when", "What would end that.") { $0.reason.endsWhen },
            .time("since", "Since when it waits, as far as that is known.") { $0.since },
            .time("deadline", "When the wait ends by itself.") { $0.deadline },
        ])
}

extension Call {
    /// Why an execution is where it is.
    func why(_ id: ExecutionID) -> [ShownReason] {
        state.why(id, trouble: house.desk.trouble).map { ShownReason($0, for: self) }
    }
}

let artifactView = View<Artifact>(
    "Artifact", "A tree of files that an action handed on.",
    [
        .text("name", "Its name.") { $0.name.description },
        .text("digest", "The digest of its content.") { $0.digest },
    ])

let stoppingView = View<Execution.Stopping>(
    "Stopping", "That somebody has stopped it.",
    [
        .word("mode", "Whether what runs may end.", among: ["wait", "abandon"]) {
            $0.mode.rawValue
        },
        .text("reason", "Why.") { $0.reason },
    ])

extension ShownExecution {
    static let view = View<ShownExecution>(
        "Execution", "An execution, all there is to know of it.",
        executionSummary.members.map { member in
            View<ShownExecution>.Member(
                name: member.name, about: member.about, shape: member.shape, parts: member.parts
            ) { member.value($0.row) }
        } + [
            .list("revisions", "The versions that it carries.", of: revisionView) { $0.revisions },
            .dictionary("variables", "The values chosen when it started.") { $0.variables },
            .list("artifacts", "What its actions handed on.", of: artifactView) { $0.artifacts },
            .optional("stopping", "That it was stopped, as long as it goes on.", of: stoppingView) {
                $0.live?.isFinished == false ? $0.live?.stopping : nil
            },
            .list("stages", "Its stages, in order.", of: ShownStage.view) { $0.stages },
            .list("approvals", "What people were asked.", of: pastApprovalView) { $0.approvals },
            .list("waiting", "Why it is where it is.", of: ShownReason.view) { $0.waiting },
            .truth("kept", "Whether a stage can still be retried, or rolled back to it.") {
                $0.live != nil
            },
        ])
}

extension ShownStage {
    static let view = View<ShownStage>(
        "Stage", "A stage of an execution.",
        [
            .text("name", "Its name.") { $0.name.description },
            .word("status", "Where it is.", among: ShownStage.Status.allCases.map(\.rawValue)) {
                $0.status.rawValue
            },
            .count("visits", "How often the execution has come to it.") { $0.visits },
            .list("actions", "Its actions, in the order written.", of: ShownAction.view) {
                $0.actions
            },
        ])
}

extension ShownAction {
    static let view = View<ShownAction>(
        "Action", "An action of a stage.",
        [
            .text("name", "Its name.") { $0.name.description },
            .texts("after", "The actions that have to succeed before it.") { $0.after },
            .word("status", "Where it is.", among: ShownAction.Status.allCases.map(\.rawValue)) {
                $0.status.rawValue
            },
            .list("attempts", "Every try at it, the oldest first.", of: ShownAttempt.view) {
                $0.attempts
            },
        ])
}

let pastApprovalView = View<History.Approval>(
    "PastApproval", "A question to people, and what became of it.",
    [
        .optionalText("id", "What to answer it by, while it is asked.") {
            ApprovalID(written: $0.name)?.address
        },
        .text("stage", "The stage.") { $0.stage },
        .text("status", "`asked`, `approved` or `refused`.") { $0.status },
        .text("votes", "Who has said what.") { $0.votes },
        .time("asked", "When it was asked.") { $0.askedAt },
        .time("settled", "When it was settled.") { $0.settledAt },
    ])
