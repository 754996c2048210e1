import Pipelines

// Definitions, doors and runners.
extension Decision {
    static let maximumPlaces = 100_000

    mutating func configure(_ runner: RunnerName, _ places: Int) throws(Refusal) {
        guard 0...Self.maximumPlaces ~= places else {
            throw Refusal(
                .invalid, "a runner cannot have \(places) places",
                hint: "give it 0 to \(Self.maximumPlaces); with 0 it starts nothing")
        }
        guard state.runners.places[runner] != places else { return }
        try emit(.runnerConfigured(runner: runner, places: places), by: by)
    }

    mutating func define(_ definition: Definition) throws(Refusal) {
        let before = state.pipelines[definition.name]
        guard before?.current?.definition != definition else { return }
        let version = (before?.versions.last?.number ?? 0) + 1
        try emit(.pipelineDefined(definition: definition, version: version), by: by)
        try moveDoors(from: before?.current?.definition, to: definition)
        try settle(definition.name)
    }

    /// A door moves only when the word of the definition does: what people did to it stands. A
    /// stage that is gone has its door opened, for those who still have to go through it.
    private mutating func moveDoors(
        from old: Definition?, to new: Definition
    ) throws(Refusal) {
        let gone = (old?.stages ?? []).map(\.name).filter { new.stage($0) == nil }
        for stage in new.stages.map(\.name) + gone {
            let written = new.stage(stage)?.closed
            guard written != old?.stage(stage)?.closed else { continue }
            if let written {
                try emit(
                    .transitionClosed(pipeline: new.name, stage: stage, reason: written), by: by)
            } else if state.pipelines[new.name]?.stages[stage]?.closed != nil {
                try emit(
                    .transitionOpened(
                        pipeline: new.name, stage: stage,
                        reason: "the definition no longer closes it"), by: by)
            }
        }
    }

    mutating func remove(_ name: PipelineName) throws(Refusal) {
        let (pipeline, _) = try pipeline(name)
        try emit(.pipelineRemoved(pipeline: name), by: by)
        for execution in pipeline.live {
            try emit(
                .executionFinished(
                    execution: execution.id, outcome: .cancelled,
                    reason: "its pipeline was removed"))
        }
    }

    mutating func close(
        _ name: PipelineName, _ stageName: StageName, _ reason: String
    ) throws(Refusal) {
        try requireStage(stageName, in: name)
        try requireReason(reason, to: "close the way into '\(stageName)'")
        if let closed = state.pipelines[name]?.stages[stageName]?.closed {
            guard closed.reason != reason else { return }
            throw Refusal(
                .conflict,
                "the way into '\(stageName)' is already closed by \(closed.by): \(closed.reason)",
                hint: "open it first to close it for another reason")
        }
        try emit(.transitionClosed(pipeline: name, stage: stageName, reason: reason), by: by)
    }

    mutating func open(
        _ name: PipelineName, _ stageName: StageName, _ reason: String
    ) throws(Refusal) {
        try requireStage(stageName, in: name)
        guard state.pipelines[name]?.stages[stageName]?.closed != nil else { return }
        try emit(.transitionOpened(pipeline: name, stage: stageName, reason: reason), by: by)
        try settle(name)
    }
}
