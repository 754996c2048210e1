package import Pipelines

// What the hands say of attempts and windows. Messages are lost, repeated and late, so whatever
// does not fit what is under way says nothing new.
extension Decision {
    mutating func started(_ attempt: AttemptID) throws(Refusal) {
        guard let entry = state.runners.underWay.first(where: { $0.attempt == attempt }),
            !entry.hasStarted
        else { return }
        try emit(.attemptStarted(attempt: attempt))
        if let (name, environment) = state.environment(at: attempt), !entry.isDying {
            try begun(attempt, in: name, environment)
        }
    }

    mutating func finished(_ attempt: AttemptID, _ result: AttemptResult) throws(Refusal) {
        guard let entry = state.runners.underWay.first(where: { $0.attempt == attempt }) else {
            return
        }
        if attempt.job.isHook { return try finished(hook: attempt, result) }
        try emit(.attemptFinished(attempt: attempt, result: result))
        if !entry.isDying, case .failed(let cause, _) = result.end {
            try scheduleRetry(of: attempt, after: cause)
        }
        try settle(attempt.visit.execution.pipeline)
    }

    mutating func window(_ gate: GateID, _ isOpen: Bool) throws(Refusal) {
        guard let passage = state.execution(gate.visit.execution)?.passage,
            passage.visit == gate.visit, passage.side == gate.side,
            let known = passage.gates.windows[gate.index], known != isOpen
        else { return }
        try emit(.windowChanged(gate: gate, open: isOpen))
        try settle(gate.visit.execution.pipeline)
    }

    private mutating func scheduleRetry(
        of attempt: AttemptID, after cause: RetryCause
    ) throws(Refusal) {
        guard let execution = state.execution(attempt.visit.execution),
            execution.stopping == nil, !execution.isFinished,
            let action = state.definition(of: execution)?.action(of: attempt),
            let retries = execution.passage?.state(
                of: attempt, in: state.definition(of: execution))?
                .retries
        else { return }
        let policy = action.retry
        guard policy.causes.contains(cause), retries < policy.times else { return }
        try emit(
            .retryScheduled(attempt: attempt, at: now.steady + policy.delay(before: retries + 1)))
    }
}

extension RetryPolicy {
    /// How long to wait before the given retry, counted from 1.
    package func delay(before retry: Int) -> Duration {
        var delay = self.delay
        for _ in 1..<max(retry, 1) where delay < maximumDelay { delay *= backOff }
        return min(delay, maximumDelay)
    }
}

extension Passage {
    package func state(of attempt: AttemptID, in definition: Definition?) -> ActionState? {
        guard attempt.visit == visit else { return nil }
        switch attempt.job {
        case .action(let name):
            return definition?.index(of: name, in: visit.stage).map { actions[$0] }
        case .check:
            guard case .checking(let check, _) = gates.current else { return nil }
            return check
        case .hook: return nil
        }
    }
}
