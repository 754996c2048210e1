import People
import Pipelines

extension EngineState {
    /// Takes one record in. This, over all records in order, is the only way a state comes about.
    package mutating func apply(_ record: Record) throws(Contradiction) {
        guard record.sequence == sequence + 1 else {
            throw Contradiction(
                sequence: record.sequence, problem: "the one before it is \(sequence)")
        }
        do {
            try take(record)
        } catch {
            throw Contradiction(sequence: record.sequence, problem: error.problem)
        }
        date(record)
        sequence = record.sequence
    }

    private mutating func take(_ record: Record) throws(Misfit) {
        switch record.event {
        case .runnerConfigured(let runner, let places):
            runners.places[runner] = places
        case .people(let event): people.apply(event, at: record.at.instant)
        case .pipelineDefined, .pipelineRemoved, .transitionClosed, .transitionOpened, .sourceSeen:
            try takePipeline(record)
        case .executionCreated, .stageReached, .stageEntered, .stageRetried, .stageSkipped,
            .stageJudging, .stageLeft, .stopRequested, .executionSuperseded, .executionFinished:
            try takeExecution(record)
        case .gateReached, .windowChanged, .gateOpened, .gateRefused, .approvalAsked,
            .approvalVoted, .approvalVoided:
            try takeGate(record)
        case .attemptQueued, .attemptAdmitted, .attemptStarted, .attemptFinished, .retryScheduled:
            try takeAttempt(record)
        case .environment: try takeEnvironment(record)
        case .environmentRemoved(let name, _): environments[name] = nil
        }
    }

    /// Changes one pipeline in place.
    mutating func change(
        _ name: PipelineName, _ body: (inout PipelineState) throws(Misfit) -> Void
    ) throws(Misfit) {
        guard pipelines[name] != nil else { throw Misfit("there is no pipeline '\(name)'") }
        try body(&pipelines[name, default: PipelineState(name: name)])
    }

    /// Changes one execution in place.
    mutating func change(
        _ id: ExecutionID, _ body: (inout Execution) throws(Misfit) -> Void
    ) throws(Misfit) {
        try change(id.pipeline) { pipeline throws(Misfit) in
            guard let index = pipeline.index(of: id.number) else {
                throw Misfit("there is no execution '\(id)'")
            }
            try body(&pipeline.executions[index])
        }
    }

    /// Changes the passage that a visit names; an earlier visit's is gone, and so is its meaning.
    mutating func change(
        _ visit: Visit, _ body: (inout Passage) throws(Misfit) -> Void
    ) throws(Misfit) {
        try change(visit.execution) { execution throws(Misfit) in
            guard var passage = execution.passage, passage.visit == visit else {
                throw Misfit("'\(visit)' is not where the execution is")
            }
            execution.passage = nil
            try body(&passage)
            execution.passage = passage
        }
    }
}

/// What does not fit, before it is known which record said it.
struct Misfit: Error {
    let problem: String

    init(_ problem: String) { self.problem = problem }
}
