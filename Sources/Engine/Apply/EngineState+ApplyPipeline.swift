import Pipelines

extension EngineState {
    /// How many requests to start something are remembered in a pipeline.
    static let requestsKept = 256

    mutating func takePipeline(_ record: Record) throws(Misfit) {
        switch record.event {
        case .pipelineDefined(let definition, let version):
            define(definition, version)
        case .pipelineRemoved(let name):
            try change(name) { pipeline in pipeline.isRemoved = true }
        case .transitionClosed(let name, let stage, let reason):
            try change(name) { pipeline in
                pipeline.stages[stage, default: StageState()].closed = .init(
                    reason: reason, by: record.by.name)
            }
        case .transitionOpened(let name, let stage, _):
            try change(name) { pipeline in pipeline.stages[stage]?.closed = nil }
        case .sourceSeen(let name, let source, let ref, let revision, let reading, _):
            try change(name) { pipeline in
                pipeline.sources[source, default: SourceState()].see(
                    ref, at: revision, reading: reading)
            }
        default:
            throw Misfit("it is no event of a pipeline")
        }
    }

    private mutating func define(_ definition: Definition, _ version: Int) {
        var pipeline = pipelines[definition.name] ?? PipelineState(name: definition.name)
        pipeline.isRemoved = false
        pipeline.versions.append(.init(number: version, definition: definition))
        pipeline.forget()
        pipelines[definition.name] = pipeline
    }
}

extension SourceState {
    fileprivate mutating func see(_ ref: String, at revision: Revision?, reading: Int) {
        self.reading = max(self.reading, reading)
        commits[ref] = revision?.id
        if let revision { latest = revision }
    }
}

extension PipelineState {
    /// Lets go of executions that ended and that no stage remembers, and of versions nobody uses.
    mutating func forget() {
        var kept = Set<Int>()
        for stage in stages.values {
            kept.formUnion(stage.successes)
            if let last = stage.lastEntered { kept.insert(last) }
        }
        // The newest at a stage can be sent there again, even if it ended before it could enter.
        var newest: [StageName: Int] = [:]
        for execution in executions {
            if let stage = execution.passage?.visit.stage { newest[stage] = execution.id.number }
        }
        kept.formUnion(newest.values)
        executions.removeAll { $0.isFinished && !kept.contains($0.id.number) }
        let used = Set(executions.map(\.version))
        let current = versions.last?.number
        versions.removeAll { $0.number != current && !used.contains($0.number) }
    }
}
