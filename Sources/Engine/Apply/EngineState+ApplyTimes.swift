import Pipelines

extension EngineState {
    /// Notes since when what a record speaks of is as it is now: people who wait want to know.
    mutating func date(_ record: Record) {
        let now = record.at.steady
        switch record.event {
        case .stageReached(let visit), .stageEntered(let visit), .stageJudging(let visit),
            .stageRetried(let visit, _, _):
            date(visit, now)
        case .gateReached(let gate, _), .windowChanged(let gate, _), .gateOpened(let gate, _):
            date(gate.visit, now)
        case .attemptQueued(let attempt, _): date(attempt, now) { $0 == .queued }
        case .attemptAdmitted(let attempt): date(attempt, now) { $0 == .admitted }
        case .attemptStarted(let attempt): date(attempt, now) { $0 == .running }
        case .retryScheduled(let attempt, let end):
            date(attempt, now) { $0 == .backingOff(until: end) }
        case .transitionClosed(let pipeline, let stage, _):
            pipelines[pipeline]?.stages[stage]?.closed?.at = now
        default: break
        }
    }

    private mutating func date(_ visit: Visit, _ now: Steady) {
        try? change(visit) { passage in passage.since = now }
    }

    /// What is told of an earlier attempt says nothing of the one that came after it.
    private mutating func date(
        _ attempt: AttemptID, _ now: Steady, where isMeant: (ActionStatus) -> Bool
    ) {
        try? change(attempt) { job in
            if job.attempts == attempt.number, isMeant(job.status) { job.since = now }
        }
    }
}
