import Pipelines

extension EngineState {
    mutating func takeExecution(_ record: Record) throws(Misfit) {
        switch record.event {
        case .executionCreated(
            let id, let version, let cause, let revisions, let variables, let request):
            let execution = Execution(
                id: id, version: version, cause: cause, startedBy: record.by, revisions: revisions,
                variables: variables)
            try create(execution, request: request)
        case .stageReached(let visit): try reach(visit)
        case .stageEntered(let visit): try enter(visit)
        case .stageRetried(let visit, let scope, let automatic):
            try repeatStage(visit, scope: scope, automatic: automatic)
        case .stageSkipped(let visit, _): try leave(visit, succeeded: true, counts: false)
        case .stageJudging(let visit):
            try change(visit) { passage in
                passage.phase = .judging
                passage.gates = GateProgress()
            }
        case .stageLeft(let visit, let succeeded):
            try leave(visit, succeeded: succeeded, counts: succeeded)
        case .stopRequested(let id, let mode, let reason): try stop(id, mode, reason)
        case .executionSuperseded(let id, let newer):
            try finish(id, .superseded, "\(newer) took its place")
        case .executionFinished(let id, let outcome, let reason): try finish(id, outcome, reason)
        default: throw Misfit("it is no event of an execution")
        }
    }

    private mutating func create(_ execution: Execution, request: RequestID?) throws(Misfit) {
        try change(execution.id.pipeline) { pipeline throws(Misfit) in
            guard execution.id.number == pipeline.nextNumber else {
                throw Misfit("the next execution is number \(pipeline.nextNumber)")
            }
            var execution = execution
            switch execution.cause {
            case .rollBack(let earlier, _, _), .promotion(let earlier, _, _):
                guard let target = pipeline.execution(earlier.number) else {
                    throw Misfit("'\(earlier)' is no longer kept")
                }
                execution.artifacts = target.artifacts
                execution.outputs = target.outputs
            case .person, .revision, .schedule, .pipeline: break
            }
            pipeline.nextNumber += 1
            pipeline.executions.append(execution)
            if let request {
                pipeline.requests.append(.init(id: request, number: execution.id.number))
                if pipeline.requests.count > Self.requestsKept { pipeline.requests.removeFirst() }
            }
        }
    }

    private mutating func reach(_ visit: Visit) throws(Misfit) {
        guard let execution = execution(visit.execution),
            let stages = definition(of: execution)?.stages,
            let index = stages.firstIndex(where: { $0.name == visit.stage })
        else { throw Misfit("its definition has no stage '\(visit.stage)'") }
        try change(visit.execution) { execution in
            execution.visits[visit.stage] = visit.number
            var passage = Passage(visit: visit, stageIndex: index)
            passage.actions = stages[index].actions.map { _ in ActionState() }
            execution.passage = passage
        }
    }

    private mutating func enter(_ visit: Visit) throws(Misfit) {
        try change(visit) { passage in passage.phase = .inside }
        try change(visit.execution.pipeline) { pipeline in
            pipeline.stages[visit.stage, default: StageState()].lastEntered =
                visit.execution.number
            pipeline.forget()
        }
    }

    private mutating func repeatStage(
        _ visit: Visit, scope: RetryScope, automatic: Bool
    ) throws(Misfit) {
        guard !automatic else {
            return try change(visit) { passage in
                passage.phase = .inside
                passage.automaticRetries += 1
                passage.begin(scope)
            }
        }
        try change(visit.execution) { execution throws(Misfit) in
            guard let before = execution.passage, before.visit.stage == visit.stage else {
                throw Misfit("the execution did not end at stage '\(visit.stage)'")
            }
            execution.end = nil
            execution.stopping = nil
            execution.visits[visit.stage] = visit.number
            var passage = Passage(visit: visit, stageIndex: before.stageIndex)
            passage.actions = before.actions
            passage.begin(scope)
            execution.passage = passage
        }
    }

    private mutating func leave(
        _ visit: Visit, succeeded: Bool, counts: Bool
    ) throws(Misfit) {
        // The check of a gate that was skipped may still be under way.
        runners.withdraw { $0.visit == visit }
        runners.kill { $0.visit == visit }
        try change(visit) { passage in passage.phase = .left(succeeded: succeeded) }
        guard counts else { return }
        try change(visit.execution.pipeline) { pipeline in
            var stage = pipeline.stages[visit.stage] ?? StageState()
            stage.successes.removeAll { $0 == visit.execution.number }
            stage.successes.append(visit.execution.number)
            if stage.successes.count > StageState.successesKept { stage.successes.removeFirst() }
            pipeline.stages[visit.stage] = stage
        }
    }

    private mutating func stop(
        _ id: ExecutionID, _ mode: StopMode, _ reason: String
    ) throws(Misfit) {
        runners.withdraw { $0.visit.execution == id }
        if mode == .abandon { runners.kill { $0.visit.execution == id } }
        try change(id) { execution in
            execution.stopping = .init(mode: mode, reason: reason)
            execution.passage?.halt(abandoning: mode == .abandon)
        }
    }

    private mutating func finish(
        _ id: ExecutionID, _ outcome: Outcome, _ reason: String
    ) throws(Misfit) {
        // Whatever is still under way, a gate's check for one, has lost its purpose.
        runners.withdraw { $0.visit.execution == id }
        runners.kill { $0.visit.execution == id }
        try change(id.pipeline) { pipeline throws(Misfit) in
            guard let index = pipeline.index(of: id.number) else {
                throw Misfit("there is no execution '\(id)'")
            }
            pipeline.executions[index].end = .init(outcome: outcome, reason: reason)
            pipeline.executions[index].passage?.close()
            pipeline.forget()
        }
    }
}

extension Passage {
    /// Makes the actions that are to be repeated wait again; the others keep what they brought.
    fileprivate mutating func begin(_ scope: RetryScope) {
        for index in actions.indices where scope == .all || actions[index].status != .succeeded {
            actions[index].status = .waiting
            actions[index].retries = 0
            actions[index].cause = .stageRetry
        }
    }

    /// Nothing new starts any more; what is abandoned counts as stopped at once.
    fileprivate mutating func halt(abandoning: Bool) {
        for index in actions.indices where actions[index].status.isOpen {
            if abandoning || !actions[index].status.isUnderWay { actions[index].status = .stopped }
        }
        if case .checking(var check, let deadline) = gates.current, check.status.isOpen {
            if abandoning || !check.status.isUnderWay { check.status = .stopped }
            gates.current = .checking(check, deadline: deadline)
        } else {
            gates.current = .ahead
        }
    }

    /// The execution has ended: nobody is asked any more, and the stage is free.
    fileprivate mutating func close() {
        halt(abandoning: true)
        if phase != .left(succeeded: true) { phase = .left(succeeded: false) }
    }
}
