package import Pipelines

// Before a stage: doors, order, gates, and then the stage itself.
extension Decision {
    mutating func advanceWaiting(
        _ execution: Execution, _ passage: Passage, _ definition: Definition
    ) throws(Refusal) {
        if let stopping = execution.stopping {
            return try end(execution.id, .stopped, stopping.reason)
        }
        guard let pipeline = state.pipelines[execution.id.pipeline] else { return }
        if let newer = pipeline.successor(of: execution, under: definition) {
            return try emit(.executionSuperseded(execution: execution.id, by: newer))
        }
        switch pipeline.obstacle(before: execution, under: definition) {
        case .closed, .order: return
        case .held, nil: break
        }
        if !execution.isRollback {
            let gates = definition.stages[passage.stageIndex].before
            if passage.gates.index < gates.count {
                return try advanceGate(execution, passage, gates[passage.gates.index])
            }
            guard passage.gates.closedWindow == nil else { return }
        }
        guard pipeline.obstacle(before: execution, under: definition) == nil else { return }
        try emit(.stageEntered(visit: passage.visit))
    }

    mutating func advanceJudging(
        _ execution: Execution, _ passage: Passage, _ definition: Definition
    ) throws(Refusal) {
        let gates = definition.stages[passage.stageIndex].onSuccess
        if let stopping = execution.stopping {
            if case .checking(let check, _) = passage.gates.current, check.status.isUnderWay {
                return
            }
            try emit(.stageLeft(visit: passage.visit, succeeded: false))
            return try end(execution.id, .stopped, stopping.reason)
        }
        guard passage.gates.index < gates.count else {
            guard passage.gates.closedWindow == nil else { return }
            return try emit(.stageLeft(visit: passage.visit, succeeded: true))
        }
        try advanceGate(execution, passage, gates[passage.gates.index])
    }
}

/// What keeps an execution out of the stage that it waits before.
package enum Obstacle: Hashable, Sendable {
    case closed(StageState.Closing)
    /// One that came before it has yet to go through.
    case order(ExecutionID)
    case held(ExecutionID)
}

extension PipelineState {
    /// The newer execution that takes the place of one that waits.
    func successor(of execution: Execution, under definition: Definition) -> ExecutionID? {
        guard definition.mode == .superseded, !execution.isPromotion,
            let stage = execution.passage?.visit.stage
        else {
            return nil
        }
        return executions.last { other in
            other.id > execution.id && other.waits(before: stage)
                && other.isRollback == execution.isRollback && !other.isPromotion
                && self.definition(other.version)?.mode == .superseded
        }?.id
    }

    package func obstacle(before execution: Execution, under definition: Definition) -> Obstacle? {
        guard let stage = execution.passage?.visit.stage else { return nil }
        let holders = holders(of: stage).filter { $0.id != execution.id }
        if execution.isRollback { return holders.first.map { .held($0.id) } }
        if let closed = stages[stage]?.closed { return .closed(closed) }
        guard definition.mode != .parallel else {
            // It waits only for one born in another mode, which was promised the stage to itself.
            let owner = holders.first { self.definition($0.version)?.mode != .parallel }
            return owner.map { .held($0.id) }
        }
        if !execution.isPromotion,
            let earlier = executions.first(where: { comes($0, before: execution, at: stage) })
        {
            return .order(earlier.id)
        }
        // One that puts an earlier version back goes first.
        if let rollback = executions.first(where: { $0.isRollback && $0.waits(before: stage) }) {
            return .order(rollback.id)
        }
        return holders.first.map { .held($0.id) }
    }

    /// An earlier execution has yet to go through the stage. One that is inside holds it instead.
    private func comes(
        _ other: Execution, before execution: Execution, at stage: StageName
    ) -> Bool {
        guard other.id < execution.id, !other.isFinished, other.onlyStage == nil,
            let definition = definition(other.version), definition.mode != .parallel,
            let index = definition.stages.firstIndex(where: { $0.name == stage })
        else { return false }
        guard let passage = other.passage else { return true }
        if passage.stageIndex == index { return passage.phase == .waiting }
        return passage.stageIndex < index
    }
}
