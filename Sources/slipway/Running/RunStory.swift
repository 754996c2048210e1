import Client
import Engine
import Pipelines

/// Makes events for people out of records. It remembers when things began, which records do not
/// repeat.
struct RunStory {
    private var began: [AttemptID: Steady] = [:]

    /// What records of one execution tell, in order.
    mutating func tell(
        _ record: Record, of execution: ExecutionID, in state: EngineState
    ) -> [RunEvent] {
        switch record.event {
        case .executionCreated(let id, let version, _, let revisions, _, _) where id == execution:
            guard let definition = state.pipelines[id.pipeline]?.definition(version) else {
                return []
            }
            return [.executionStarted(id, definition, revisions)]
        case .stageEntered(let visit) where visit.execution == execution:
            return [.stageEntered(visit.stage)]
        case .stageSkipped(let visit, let reason) where visit.execution == execution:
            return [.stageSkipped(visit.stage, reason: reason)]
        case .stageLeft(let visit, let succeeded) where visit.execution == execution:
            return [.stageFinished(visit.stage, succeeded: succeeded)]
        case .attemptAdmitted(let id) where id.visit.execution == execution:
            began[id] = record.at.steady
            return [.actionStarted(.init(attempt: id))]
        case .attemptFinished(let id, let result) where id.visit.execution == execution:
            let time = began.removeValue(forKey: id).map { record.at.steady - $0 } ?? .zero
            return [.actionFinished(.init(attempt: id), result.end, time)]
        case .retryScheduled(let id, let due) where id.visit.execution == execution:
            return [.actionRetried(.init(attempt: id), in: due - record.at.steady)]
        case .approvalAsked(let approval, _, _) where approval.visit.execution == execution:
            let rule = state.execution(execution).flatMap(state.definition(of:))?.rule(of: approval)
            return [.approvalAsked(approval.visit.stage, rule ?? ApprovalRule())]
        case .gateRefused(let gate, let failure) where gate.visit.execution == execution:
            return [.gateRefused(gate.visit.stage, reason: failure.sentence)]
        case .executionFinished(let id, let outcome, let reason) where id == execution:
            return [.executionFinished(id, outcome, reason: reason)]
        case .executionSuperseded(let id, let other) where id == execution:
            return [.executionFinished(id, .superseded, reason: "\(other) is newer")]
        default: return []
        }
    }
}

extension GateFailure {
    var sentence: String {
        switch self {
        case .rejected(let who, let reason): "\(who) rejected it: \(reason)"
        case .timedOut: "its time is over"
        case .checkFailed(let reason): "the check failed: \(reason)"
        case .mismatch(let reason): reason
        }
    }
}

extension AttemptEnd {
    var sentence: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed(_, let reason): "failed: \(reason)"
        case .stopped: "stopped"
        }
    }
}

extension Duration {
    /// As people say it: `0.4s`, `12s`, `3m04s`, `2h05m`.
    var short: String { Ago.elapsed(milliseconds: milliseconds) }
}
