import Engine
import Pipelines
import Store

/// An execution as it is shown: what the state holds of it while it matters, and what is on record
/// for good.
struct ShownExecution {
    let row: History.Execution
    let revisions: [Revision]
    let variables: [String: String]
    /// Nothing once the state has let go of it.
    let live: Execution?
    let artifacts: [Artifact]
    let stages: [ShownStage]
    let approvals: [History.Approval]
    let waiting: [ShownReason]

    init(
        _ row: History.Execution, beginning: Record?, definition: Definition?,
        attempts: [History.Attempt], approvals: [History.Approval], id: ExecutionID,
        for call: Call
    ) {
        let state = call.state
        self.row = row
        self.approvals = approvals
        live = state.execution(id)
        artifacts = live?.artifacts ?? []
        waiting = call.why(id)
        var given: [VariableName: String] = [:]
        if case .executionCreated(_, _, _, let revisions, let variables, _)? = beginning?.event {
            self.revisions = revisions
            given = variables
        } else {
            revisions = live?.revisions ?? []
            given = live?.variables ?? [:]
        }
        variables = given.reduce(into: [:]) { $0[$1.key.description] = $1.value }
        let course = Course(
            id: id, row: row, live: live, attempts: attempts, approvals: approvals,
            here: definition?.stages.firstIndex { $0.name.description == row.stage })
        stages = (definition?.stages ?? []).enumerated().map { course.stage($1, at: $0) }
    }
}

struct ShownStage {
    enum Status: String, CaseIterable {
        case ahead, waiting, running, judging, succeeded, failed, skipped, stopped
    }

    let name: StageName
    let status: Status
    let visits: Int
    let actions: [ShownAction]
}

struct ShownAction {
    enum Status: String, CaseIterable {
        case waiting, queued, admitted, running, asking
        case backingOff = "backing-off"
        case succeeded, failed, stopped
        /// Its stage is over, and it was never begun.
        case skipped
    }

    let name: ActionName
    let after: [String]
    let status: Status
    let attempts: [ShownAttempt]
}

/// How far an execution has come, worked out from what there is of it.
private struct Course {
    let id: ExecutionID
    let row: History.Execution
    let live: Execution?
    let attempts: [History.Attempt]
    let approvals: [History.Approval]
    /// The stage that it reached last.
    let here: Int?

    func stage(_ stage: Stage, at index: Int) -> ShownStage {
        let own = attempts.filter { $0.stage == stage.name.description }
        let isHere = index == here
        let passage = live?.passage.flatMap { $0.visit.stage == stage.name ? $0 : nil }
        let visits = max(
            live?.visits[stage.name] ?? 0, own.map(\.visit).max() ?? 0, isHere ? 1 : 0)
        let actions = stage.actions.enumerated().map { place, action in
            self.action(
                action, passage?.actions[place].status, in: stage,
                own.filter { $0.job == action.name.description })
        }
        let isBehind = index < here ?? 0
        let status = isHere ? self.status(passage, actions) : isBehind ? past(actions) : .ahead
        return ShownStage(name: stage.name, status: status, visits: visits, actions: actions)
    }

    private func status(_ passage: Passage?, _ actions: [ShownAction]) -> ShownStage.Status {
        switch Outcome(rawValue: row.status) {
        case .succeeded: return past(actions)
        case .failed: return .failed
        case .stopped, .superseded, .cancelled: return .stopped
        case nil: break
        }
        return switch passage?.phase {
        case .waiting: .waiting
        case .inside, nil: .running
        case .judging: .judging
        case .left: past(actions)
        }
    }

    /// One that was passed and in which nothing was done was skipped.
    private func past(_ actions: [ShownAction]) -> ShownStage.Status {
        if actions.contains(where: { $0.status == .failed }) { return .failed }
        return actions.contains { $0.status == .succeeded } ? .succeeded : .skipped
    }

    private func action(
        _ action: Action, _ status: ActionStatus?, in stage: Stage, _ own: [History.Attempt]
    ) -> ShownAction {
        ShownAction(
            name: action.name, after: action.after.map(\.description),
            status: status.map(now)
                ?? past(own.last?.status ?? approval(of: action, in: stage)?.status),
            attempts: own.map { ShownAttempt(execution: id, row: $0) })
    }

    private func now(_ status: ActionStatus) -> ShownAction.Status {
        // What has not begun when all is over never will.
        status == .waiting && row.finishedAt != nil ? .skipped : ShownAction.Status(status)
    }

    /// An action that asks people has no attempts on a runner.
    private func approval(of action: Action, in stage: Stage) -> History.Approval? {
        approvals.last { approval in
            guard case .attempt(let attempt)? = ApprovalID(written: approval.name) else {
                return false
            }
            return attempt.visit.stage == stage.name && attempt.job == .action(action.name)
        }
    }

    private func past(_ word: String?) -> ShownAction.Status {
        switch word {
        case nil: row.finishedAt == nil ? .waiting : .skipped
        case "approved": .succeeded
        case "refused": .failed
        case "asked": row.finishedAt == nil ? .asking : .stopped
        case let word?: ShownAction.Status(rawValue: word) ?? .failed
        }
    }
}

extension ShownAction.Status {
    init(_ status: ActionStatus) {
        self =
            switch status {
            case .waiting: .waiting
            case .queued: .queued
            case .admitted: .admitted
            case .running: .running
            case .asking: .asking
            case .backingOff: .backingOff
            case .succeeded: .succeeded
            case .failed: .failed
            case .stopped: .stopped
            }
    }
}
