package import Engine
import Pipelines

/// What a record changes in the derived tables: values, so that it can be tested without a
/// database.
package enum RowChange: Hashable, Sendable {
    /// `record` is where the definition itself is to be read.
    case definePipeline(name: String, version: Int, at: Int, by: String, record: Int)
    case removePipeline(name: String, at: Int)
    case addExecution(
        ExecutionID, version: Int, cause: String, revisions: String, at: Int, by: String,
        record: Int)
    case moveExecution(ExecutionID, stage: String, status: String)
    case endExecution(ExecutionID, status: String, reason: String, at: Int)
    case addAttempt(AttemptID, cause: String, at: Int)
    case moveAttempt(AttemptID, status: String)
    case startAttempt(AttemptID, at: Int)
    case endAttempt(AttemptID, status: String, reason: String, at: Int)
    case ask(ApprovalID, at: Int)
    case vote(ApprovalID, String)
    case void(ApprovalID)
    case settle(ApprovalID, status: String, at: Int)
}

extension Record {
    package var rowChanges: [RowChange] {
        let time = Int(at.wall)
        switch event {
        case .runnerConfigured, .transitionClosed, .transitionOpened, .sourceSeen, .gateReached,
            .windowChanged, .people, .environmentRemoved:
            return []
        case .environment:
            guard let (approval, isApproved) = event.settledQuestion else { return [] }
            let status = isApproved ? "approved" : "refused"
            return [.settle(approval, status: status, at: time)]
        case .pipelineDefined(let definition, let version):
            return [
                .definePipeline(
                    name: definition.name.description, version: version, at: time, by: by.name,
                    record: sequence)
            ]
        case .pipelineRemoved(let name): return [.removePipeline(name: name.description, at: time)]
        case .executionCreated(let id, let version, let cause, let revisions, _, _):
            let commits = revisions.map { "\($0.source)=\($0.id)" }.joined(separator: " ")
            return [
                .addExecution(
                    id, version: version, cause: cause.word, revisions: commits, at: time,
                    by: by.name, record: sequence)
            ]
        case .stageReached(let visit): return [visit.moved(to: "waiting")]
        case .stageEntered(let visit), .stageRetried(let visit, _, automatic: true):
            return [visit.moved(to: "running")]
        case .stageRetried(let visit, _, automatic: false): return [visit.moved(to: "waiting")]
        case .stageJudging(let visit): return [visit.moved(to: "judging")]
        case .stageLeft(let visit, _), .stageSkipped(let visit, _):
            return [visit.moved(to: "between stages")]
        case .stopRequested(let id, _, _):
            return [.moveExecution(id, stage: "", status: "stopping")]
        case .executionSuperseded(let id, let newer):
            return [.endExecution(id, status: "superseded", reason: "by \(newer)", at: time)]
        case .executionFinished(let id, let outcome, let reason):
            return [.endExecution(id, status: outcome.rawValue, reason: reason, at: time)]
        case .gateOpened, .gateRefused, .approvalAsked, .approvalVoted, .approvalVoided:
            return approvalChanges(time)
        case .attemptQueued, .attemptAdmitted, .attemptStarted, .attemptFinished, .retryScheduled:
            return attemptChanges(time)
        }
    }

    private func approvalChanges(_ time: Int) -> [RowChange] {
        switch event {
        case .gateOpened(let gate, _): [.settle(.gate(gate), status: "approved", at: time)]
        case .gateRefused(let gate, _): [.settle(.gate(gate), status: "refused", at: time)]
        case .approvalAsked(let approval, _, _): [.ask(approval, at: time)]
        case .approvalVoted(let approval, let verdict, _, _):
            [.vote(approval, "\(by.name) \(verdict.rawValue)s")]
        case .approvalVoided(let approval, _): [.void(approval)]
        default: []
        }
    }

    private func attemptChanges(_ time: Int) -> [RowChange] {
        switch event {
        case .attemptQueued(let attempt, let cause):
            return [.addAttempt(attempt, cause: cause.word, at: time)]
        case .attemptAdmitted(let attempt): return [.moveAttempt(attempt, status: "admitted")]
        case .attemptStarted(let attempt): return [.startAttempt(attempt, at: time)]
        case .attemptFinished(let attempt, let result):
            let word = result.end.word
            let status = result.end == .succeeded ? "approved" : "refused"
            return [
                .endAttempt(attempt, status: word, reason: result.end.reason, at: time),
                .settle(.attempt(attempt), status: status, at: time),
            ]
        default: return []
        }
    }
}

extension Visit {
    fileprivate func moved(to status: String) -> RowChange {
        .moveExecution(execution, stage: stage.description, status: status)
    }
}

extension Cause {
    package var word: String {
        switch self {
        case .person: "person"
        case .revision(let source): "revision of \(source)"
        case .schedule(let name): "schedule \(name)"
        case .pipeline(let execution): "success of \(execution)"
        case .promotion(let target, let stage, _): "promotion of \(target) into \(stage)"
        case .rollBack(let target, let stage, _): "roll-back of \(stage) to \(target)"
        }
    }
}

extension AttemptCause {
    fileprivate var word: String {
        switch self {
        case .first: "first"
        case .retry(let cause): "retry after \(cause.rawValue)"
        case .stageRetry: "stage retried"
        }
    }
}

extension AttemptEnd {
    fileprivate var word: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed(let cause, _): cause.rawValue
        case .stopped: "stopped"
        }
    }

    fileprivate var reason: String { if case .failed(_, let reason) = self { reason } else { "" } }
}
