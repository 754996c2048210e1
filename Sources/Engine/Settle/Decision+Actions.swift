import Pipelines

// Inside a stage: each action when those before it have succeeded, then the end of the stage.
extension Decision {
    mutating func advanceActions(
        _ execution: Execution, _ passage: Passage, _ definition: Definition
    ) throws(Refusal) {
        let stage = definition.stages[passage.stageIndex]
        let before = records.count
        for index in passage.actions.indices {
            try advance(index, passage.actions[index], stage, passage, execution)
        }
        guard records.count == before, !passage.actions.contains(where: \.status.isOpen) else {
            return
        }
        if let stopping = execution.stopping {
            try emit(.stageLeft(visit: passage.visit, succeeded: false))
            return try end(execution.id, .stopped, stopping.reason)
        }
        if passage.actions.allSatisfy({ $0.status == .succeeded }) {
            return try stage.onSuccess.isEmpty
                ? emit(.stageLeft(visit: passage.visit, succeeded: true))
                : emit(.stageJudging(visit: passage.visit))
        }
        try fail(execution, passage, stage)
    }

    private mutating func advance(
        _ index: Int, _ state: ActionState, _ stage: Stage, _ passage: Passage,
        _ execution: Execution
    ) throws(Refusal) {
        switch state.status {
        case .waiting where execution.stopping == nil:
            let isReady = stage.predecessors[index].allSatisfy {
                passage.actions[$0].status == .succeeded
            }
            guard isReady else { return }
            let job = Job.action(stage.actions[index].name)
            switch stage.actions[index].work.needs {
            case .runner: try queue(job, state, passage.visit)
            case .people(let rule):
                let attempt = AttemptID(passage.visit, job, state.attempts + 1)
                try ask(.attempt(attempt), under: rule, execution)
            }
        case .backingOff(let time) where time <= now.steady && execution.stopping == nil:
            try queue(Job.action(stage.actions[index].name), state, passage.visit)
        case .asking(let asking): try advanceAsking(asking, execution)
        default: break
        }
    }

    mutating func queue(_ job: Job, _ state: ActionState, _ visit: Visit) throws(Refusal) {
        try emit(
            .attemptQueued(
                attempt: AttemptID(visit, job, state.attempts + 1), cause: state.cause))
    }

    /// What the stage's policy makes of a failure.
    private mutating func fail(
        _ execution: Execution, _ passage: Passage, _ stage: Stage
    ) throws(Refusal) {
        let policy = stage.onFailure
        if passage.automaticRetries < policy.retries {
            return try emit(
                .stageRetried(visit: passage.visit, scope: policy.retryScope, automatic: true))
        }
        let reason = "stage '\(stage.name)': \(passage.failures(in: stage))"
        switch policy.then {
        case .skip: try emit(.stageSkipped(visit: passage.visit, reason: reason))
        case .fail, .rollBack:
            try emit(.stageLeft(visit: passage.visit, succeeded: false))
            try end(execution.id, .failed, reason)
            if policy.then == .rollBack { try rollBack(after: execution, at: stage.name) }
        }
    }

    /// Puts back what had succeeded in the stage before, if anything had. What was itself put back
    /// and failed is not followed by another: that would have no end.
    mutating func rollBack(after failed: Execution, at stage: StageName) throws(Refusal) {
        guard !failed.isRollback, let pipeline = state.pipelines[failed.id.pipeline],
            let number = pipeline.stages[stage]?.successes.last(where: { $0 != failed.id.number }),
            let target = pipeline.execution(number)
        else { return }
        try create(
            in: pipeline.name, version: target.version,
            cause: .rollBack(to: target.id, stage: stage, automatic: true),
            revisions: target.revisions,
            variables: target.variables, request: nil, automatic: true)
    }
}

extension Passage {
    fileprivate func failures(in stage: Stage) -> String {
        var sentences: [String] = []
        for (action, state) in zip(stage.actions, actions) {
            if case .failed(_, let reason) = state.status {
                sentences.append("'\(action.name)': \(reason)")
            }
        }
        return sentences.isEmpty ? "not every action could run" : sentences.joined(separator: "; ")
    }
}
