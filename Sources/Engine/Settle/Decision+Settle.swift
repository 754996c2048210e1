import Pipelines

// What follows by itself. A step is taken for one execution after the other, as long as one of them
// can take one; at the end each of them waits for something outside.
extension Decision {
    mutating func settle(_ name: PipelineName) throws(Refusal) {
        guard state.pipelines[name] != nil else { return }
        var before: Int
        repeat {
            before = records.count
            for number in settlingOrder(name) {
                while try advance(ExecutionID(name, number)) {}
            }
        } while records.count != before
    }

    /// Whoever puts an earlier version back goes first: it is there because something is broken.
    private func settlingOrder(_ name: PipelineName) -> [Int] {
        guard let pipeline = state.pipelines[name] else { return [] }
        let live = pipeline.live.map { ($0.id.number, $0.isRollback) }
        return live.filter(\.1).map(\.0) + live.filter { !$0.1 }.map(\.0)
    }

    /// Takes one step, if there is one to take.
    private mutating func advance(_ id: ExecutionID) throws(Refusal) -> Bool {
        guard let execution = state.execution(id), !execution.isFinished,
            let definition = state.definition(of: execution)
        else { return false }
        let before = records.count
        guard let passage = execution.passage else {
            try begin(execution, definition)
            return records.count != before
        }
        switch passage.phase {
        case .waiting: try advanceWaiting(execution, passage, definition)
        case .inside: try advanceActions(execution, passage, definition)
        case .judging: try advanceJudging(execution, passage, definition)
        case .left(let succeeded): try goOn(execution, passage, definition, succeeded)
        }
        return records.count != before
    }

    private mutating func begin(
        _ execution: Execution, _ definition: Definition
    ) throws(Refusal) {
        guard let first = execution.onlyStage ?? definition.stages.first?.name else {
            return try end(execution.id, .failed, "its definition has no stage to run")
        }
        try emit(.stageReached(visit: Visit(execution.id, first, 1)))
    }

    private mutating func goOn(
        _ execution: Execution, _ passage: Passage, _ definition: Definition, _ succeeded: Bool
    ) throws(Refusal) {
        guard succeeded else { return }
        if let stopping = execution.stopping {
            return try end(execution.id, .stopped, stopping.reason)
        }
        let next = passage.stageIndex + 1
        guard execution.onlyStage == nil, next < definition.stages.count else {
            return try end(execution.id, .succeeded, "")
        }
        let name = definition.stages[next].name
        try emit(
            .stageReached(
                visit: Visit(execution.id, name, (execution.visits[name] ?? 0) + 1)))
    }

    mutating func end(
        _ id: ExecutionID, _ outcome: Outcome, _ reason: String
    ) throws(Refusal) {
        try emit(.executionFinished(execution: id, outcome: outcome, reason: reason))
    }
}
