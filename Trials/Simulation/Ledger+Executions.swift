import Engine
import Pipelines

extension Ledger {
    mutating func enterExecution(_ record: Record) throws(Violation) {
        switch record.event {
        case .executionCreated(let id, let version, let cause, let revisions, _, _):
            try create(id, version, cause, revisions, by: record.by)
        case .stopRequested(let id, let mode, _):
            queue.removeAll { $0.visit.execution == id }
            try change(id) { entry in entry.stopping = mode }
        case .executionSuperseded(let id, let newer):
            let entry = try entry(id)
            guard entry.isWaiting, newer.number > id.number, try self.entry(newer).isWaiting else {
                throw Violation(
                    .newestWaits, "'\(id)' was superseded by '\(newer)' where it did not wait")
            }
            try end(id, .superseded)
        case .executionFinished(let id, let outcome, _): try end(id, outcome)
        default: break
        }
    }

    private mutating func create(
        _ id: ExecutionID, _ version: Int, _ cause: Cause, _ revisions: [Revision], by who: Who
    ) throws(Violation) {
        let entry = Entry(version: version, revisions: revisions, starter: who, cause: cause)
        if case .rollBack(let target, let stage, _) = cause {
            let earlier = try self.entry(target)
            guard pipelines[id.pipeline]?.succeeded[stage]?.contains(target.number) == true,
                earlier.revisions == revisions, earlier.version == version
            else {
                throw Violation(.rollBackTarget, "'\(id)' puts back '\(target)' into '\(stage)'")
            }
        } else if pipelines[id.pipeline]?.current != version {
            throw Violation(.boundAtBirth, "'\(id)' was born with an old definition")
        }
        if case .revision(let source) = cause {
            guard pipelines[id.pipeline]?.pendingChange == source else {
                throw Violation(.onePerChange, "'\(id)' was started by no change")
            }
            pipelines[id.pipeline]?.pendingChange = nil
        }
        guard pipelines[id.pipeline]?.entries[id.number] == nil else {
            throw Violation(.chainWhole, "'\(id)' was created twice")
        }
        pipelines[id.pipeline]?.entries[id.number] = entry
    }

    private mutating func end(_ id: ExecutionID, _ outcome: Outcome) throws(Violation) {
        queue.removeAll { $0.visit.execution == id }
        try change(id) { entry throws(Violation) in
            guard entry.outcome == nil else {
                throw Violation(.endsOnce, "'\(id)' ended twice")
            }
            guard !entry.isInside || outcome == .cancelled else {
                throw Violation(.endsOnce, "'\(id)' ended inside a stage")
            }
            entry.outcome = outcome
            entry.isWaiting = false
            entry.isInside = false
        }
    }

    mutating func enterStage(_ record: Record) throws(Violation) {
        switch record.event {
        case .stageReached(let visit): try reach(visit)
        case .stageEntered(let visit): try enter(visit)
        case .stageRetried(let visit, let scope, let automatic):
            try repeatStage(visit, scope, automatic)
        case .stageSkipped(let visit, _):
            queue.removeAll { $0.visit == visit }
            try change(visit.execution) { entry in
                entry.isWaiting = false
                entry.isInside = false
            }
        case .stageLeft(let visit, let succeeded): try leave(visit, succeeded)
        default: break
        }
    }

    private mutating func reach(_ visit: Visit) throws(Violation) {
        try requireLive(visit.execution)
        try change(visit.execution) { entry throws(Violation) in
            guard !entry.isInside, !entry.isWaiting else {
                throw Violation(.oneHolder, "'\(visit)' was reached from inside another stage")
            }
            entry.visit = visit
            entry.isWaiting = true
            entry.opened = [:]
            entry.windows = [:]
            entry.done = []
        }
    }

    private mutating func repeatStage(
        _ visit: Visit, _ scope: RetryScope, _ automatic: Bool
    ) throws(Violation) {
        try change(visit.execution) { entry throws(Violation) in
            if automatic {
                guard entry.isInside else {
                    throw Violation(.retryScope, "'\(visit)' was repeated from outside")
                }
            } else {
                guard entry.outcome == .failed || entry.outcome == .stopped else {
                    throw Violation(
                        .endsOnce, "'\(visit.execution)' was retried but had not failed")
                }
                entry.outcome = nil
                entry.stopping = nil
                entry.isWaiting = true
                entry.opened = [:]
                entry.windows = [:]
            }
            entry.visit = visit
            if scope == .all { entry.done = [] }
        }
    }

    private mutating func leave(_ visit: Visit, _ succeeded: Bool) throws(Violation) {
        let stage = try stage(visit)
        try change(visit.execution) { entry throws(Violation) in
            guard entry.isInside, entry.visit == visit else {
                throw Violation(.oneHolder, "'\(visit)' was left but not held")
            }
            if succeeded, !stage.actions.allSatisfy({ entry.done.contains($0.name) }) {
                throw Violation(.notLost, "'\(visit)' was left with actions undone")
            }
            if succeeded, entry.opened[.after, default: 0] < stage.onSuccess.count {
                throw Violation(.gatesFirst, "'\(visit)' was left before its conditions held")
            }
            entry.isInside = false
        }
        guard succeeded else { return }
        pipelines[visit.execution.pipeline]?.succeeded[visit.stage, default: []]
            .append(visit.execution.number)
    }

    func requireLive(_ id: ExecutionID) throws(Violation) {
        let entry = try entry(id)
        if entry.outcome != nil { throw Violation(.endsOnce, "'\(id)' goes on after its end") }
        if entry.stopping != nil { throw Violation(.stoppedIsStopped, "'\(id)' goes on") }
    }
}
