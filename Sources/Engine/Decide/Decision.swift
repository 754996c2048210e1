import Pipelines

extension EngineState {
    /// Decides one command and takes in what follows from it, up to the point where everything
    /// waits for something outside. On a refusal nothing has changed.
    package mutating func decide(
        _ command: Command, by who: Who, at now: Moment
    ) throws(Refusal) -> Decided {
        var decision = Decision(state: EngineState(), by: who, now: now)
        // Moved in and out again, so that the state has one owner and is changed in place.
        swap(&self, &decision.state)
        defer { swap(&self, &decision.state) }
        try decision.handle(command)
        return Decided(records: decision.records, execution: decision.execution)
    }
}

/// One command being decided: the state as it is by now, and the records so far.
struct Decision {
    var state: EngineState
    let by: Who
    let now: Moment
    var records: [Record] = []
    var execution: ExecutionID?

    init(state: EngineState, by: Who, now: Moment) {
        self.state = state
        self.by = by
        self.now = now
    }

    mutating func handle(_ command: Command) throws(Refusal) {
        switch command {
        case .configure(let runner, let places): try configure(runner, places)
        case .people(let command): try decide(command)
        case .define(let definition): try define(definition)
        case .remove(let pipeline): try remove(pipeline)
        case .close(let pipeline, let stage, let reason): try close(pipeline, stage, reason)
        case .open(let pipeline, let stage, let reason): try open(pipeline, stage, reason)
        case .see(let sighting): try see(sighting)
        case .start(let wish): try start(wish)
        case .stop(let execution, let mode, let reason): try stop(execution, mode, reason)
        case .retry(let execution, let stage, let scope): try retry(execution, stage, scope)
        case .rollBack(let pipeline, let stage, let target): try rollBack(pipeline, stage, target)
        case .skip(let execution, let stage, let reason): try skip(execution, stage, reason)
        case .answer(let answer): try self.answer(answer)
        case .environment(let name, let command): try change(name, command)
        case .putBack(let name, let release, let strategy, let leaving):
            try putBack(name, to: release, by: strategy, leaving: leaving)
        case .promote(let name, let source, let release):
            try promote(to: name, from: source, release)
        case .clear(let name): try clear(name)
        case .deploy(let attempt): try deploy(attempt)
        case .started(let attempt): try started(attempt)
        case .finished(let attempt, let result): try finished(attempt, result)
        case .window(let gate, let isOpen): try window(gate, isOpen)
        case .look:
            for pipeline in state.pipelines.keys.sorted() { try settle(pipeline) }
            try lookAtEnvironments()
        }
        try admit()
    }

    /// Records an event and takes it in. The engine's own consequences are its own doing, not that
    /// of whoever asked for the first of them.
    mutating func emit(_ event: Event, by author: Who = .slipway) throws(Refusal) {
        let record = Record(sequence: state.sequence + 1, at: now, by: author, event: event)
        do {
            try state.apply(record)
        } catch {
            throw Refusal(
                .defect, "\(error)", hint: "this is a mistake in Slipway; please report it")
        }
        records.append(record)
    }

    /// Gives places on the runners to those whose turn it is.
    private mutating func admit() throws(Refusal) {
        while let ticket = state.runners.next {
            try emit(.attemptAdmitted(attempt: ticket.attempt))
        }
    }
}

// What a command names has to be there.
extension Decision {
    func pipeline(_ name: PipelineName) throws(Refusal) -> (PipelineState, PipelineState.Version) {
        guard let pipeline = state.pipelines[name], let current = pipeline.current else {
            throw Refusal(
                .unknown, "there is no pipeline '\(name)'",
                hint: "`slipway pipelines` lists those there are")
        }
        return (pipeline, current)
    }

    func execution(_ id: ExecutionID) throws(Refusal) -> Execution {
        guard let execution = state.execution(id) else {
            let (pipeline, _) = try pipeline(id.pipeline)
            guard 1..<pipeline.nextNumber ~= id.number else {
                throw Refusal(
                    .unknown, "there is no execution '\(id)'",
                    hint: "`slipway executions \(id.pipeline)` lists those there are")
            }
            throw Refusal(
                .conflict, "'\(id)' has ended, and newer ones have taken its place",
                hint: "start a new execution with its revisions, or roll a stage back")
        }
        return execution
    }

    /// A stage of any version that still matters: executions go on with the one they were born
    /// with.
    func requireStage(_ name: StageName, in pipelineName: PipelineName) throws(Refusal) {
        let (pipeline, current) = try pipeline(pipelineName)
        guard !pipeline.versions.contains(where: { $0.definition.stage(name) != nil }) else {
            return
        }
        let names = current.definition.stages.map(\.name.description)
        throw Refusal(
            .unknown, "pipeline '\(pipelineName)' has no stage '\(name)'",
            hint: "it has \(oneOf(names))")
    }

    func requireReason(_ reason: String, to act: String) throws(Refusal) {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw Refusal(
                .invalid, "there is no reason given to \(act)",
                hint: "say why, for those who will read it later")
        }
        let length = reason.utf8.count
        guard length <= 1_000 else {
            throw Refusal(
                .invalid, "the reason has \(length) bytes", hint: "say it in 1,000 or less")
        }
    }
}
