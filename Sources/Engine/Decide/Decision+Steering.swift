import Pipelines

// How people steer an execution.
extension Decision {
    mutating func stop(
        _ id: ExecutionID, _ mode: StopMode, _ reason: String
    ) throws(Refusal) {
        let execution = try execution(id)
        try requireLive(execution)
        if let stopping = execution.stopping, stopping.mode == mode || mode == .wait {
            throw Refusal(
                .conflict, "'\(id)' is already stopping: \(stopping.reason)",
                hint: stopping.mode == .wait ? "abandon it if it must end at once" : "wait for it")
        }
        try emit(.stopRequested(execution: id, mode: mode, reason: reason), by: by)
        try settle(id.pipeline)
    }

    mutating func retry(
        _ id: ExecutionID, _ stageName: StageName, _ scope: RetryScope
    ) throws(Refusal) {
        let execution = try execution(id)
        guard let end = execution.end else {
            throw Refusal(
                .conflict, "'\(id)' has not ended", hint: "wait until it has, or stop it first")
        }
        guard end.outcome == .failed || end.outcome == .stopped, let passage = execution.passage,
            passage.visit.stage == stageName
        else {
            throw Refusal(
                .conflict, "'\(id)' did not fail in stage '\(stageName)'",
                hint: "only the stage in which an execution failed or was stopped can be retried")
        }
        try requireNewest(execution, at: stageName)
        let visit = Visit(id, stageName, (execution.visits[stageName] ?? 0) + 1)
        try emit(.stageRetried(visit: visit, scope: scope, automatic: false), by: by)
        try settle(id.pipeline)
    }

    mutating func rollBack(
        _ name: PipelineName, _ stageName: StageName, _ target: ExecutionID?
    ) throws(Refusal) {
        let (pipeline, _) = try pipeline(name)
        let stage = pipeline.stages[stageName] ?? StageState()
        let candidates = stage.successes.filter { $0 != stage.lastEntered }
        guard let number = target?.number ?? candidates.last else {
            throw Refusal(
                .conflict, "no earlier execution has succeeded in stage '\(stageName)'",
                hint: "there is nothing to put back")
        }
        guard target == nil || target?.pipeline == name, stage.successes.contains(number),
            let earlier = pipeline.execution(number)
        else {
            let kept = stage.successes.map { "\(name)/\($0)" }.joined(separator: ", ")
            throw Refusal(
                .conflict,
                "'\(target ?? ExecutionID(name, number))' cannot be put back into '\(stageName)'",
                hint: kept.isEmpty ? "none has succeeded there" : "these can: \(kept)")
        }
        guard pipeline.definition(earlier.version)?.mode != .parallel else {
            throw Refusal(
                .conflict, "'\(earlier.id)' ran in parallel mode, which has no order to go back in",
                hint: "start an execution with its revisions instead")
        }
        try create(
            in: name, version: earlier.version,
            cause: .rollBack(to: earlier.id, stage: stageName, automatic: false),
            revisions: earlier.revisions,
            variables: earlier.variables, request: nil)
    }

    mutating func skip(
        _ id: ExecutionID, _ stageName: StageName, _ reason: String
    ) throws(Refusal) {
        let execution = try execution(id)
        try requireLive(execution)
        try requireReason(reason, to: "skip stage '\(stageName)'")
        guard execution.waits(before: stageName), let passage = execution.passage,
            execution.stopping == nil
        else {
            throw Refusal(
                .conflict, "'\(id)' does not wait before stage '\(stageName)'",
                hint: "only a stage that has not been entered can be skipped")
        }
        try emit(.stageSkipped(visit: passage.visit, reason: reason), by: by)
        try settle(id.pipeline)
    }

    private func requireLive(_ execution: Execution) throws(Refusal) {
        guard let end = execution.end else { return }
        throw Refusal(
            .conflict, "'\(execution.id)' has already ended: \(end.outcome.rawValue)",
            hint: "there is nothing left to change")
    }

    /// An older version must not be put in front of a newer one by way of a retry.
    private func requireNewest(_ execution: Execution, at stage: StageName) throws(Refusal) {
        let (pipeline, _) = try pipeline(execution.id.pipeline)
        let mode = pipeline.definition(execution.version)?.mode
        guard mode != .parallel else { return }
        let number = execution.id.number
        if let last = pipeline.stages[stage]?.lastEntered, last > number {
            throw Refusal(
                .conflict, "\(pipeline.name)/\(last) has entered stage '\(stage)' since",
                hint: "roll the stage back if the older version should be there")
        }
        let waiting = pipeline.executions.last { $0.waits(before: stage) && !$0.isRollback }
        if mode == .superseded, let waiting, waiting.id.number > number {
            throw Refusal(
                .conflict, "\(waiting.id) is newer and waits before stage '\(stage)'",
                hint: "it would take the place of '\(execution.id)' at once")
        }
    }
}
