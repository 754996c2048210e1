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
        for stage in definition.stages {
            let written = stage.closed
            // A door moves only when the word of the definition does: what people did to it stands.
            guard written != before?.current?.definition.stage(stage.name)?.closed else { continue }
            let isClosed = state.pipelines[definition.name]?.stages[stage.name]?.closed != nil
            if let written {
                try emit(
                    .transitionClosed(pipeline: definition.name, stage: stage.name, reason: written),
                    by: by)
            } else if isClosed {
                try emit(
                    .transitionOpened(
                        pipeline: definition.name, stage: stage.name,
                        reason: "the definition no longer closes it"), by: by)
            }
        }
        try settle(definition.name)
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
        let stage = try stage(stageName, in: name)
        try requireReason(reason, to: "close the way into '\(stage.name)'")
        if let closed = state.pipelines[name]?.stages[stage.name]?.closed {
            guard closed.reason != reason else { return }
            throw Refusal(
                .conflict,
                "the way into '\(stage.name)' is already closed by \(closed.by): \(closed.reason)",
                hint: "open it first to close it for another reason")
        }
        try emit(.transitionClosed(pipeline: name, stage: stage.name, reason: reason), by: by)
    }

    mutating func open(
        _ name: PipelineName, _ stageName: StageName, _ reason: String
    ) throws(Refusal) {
        let stage = try stage(stageName, in: name)
        guard state.pipelines[name]?.stages[stage.name]?.closed != nil else { return }
        try emit(.transitionOpened(pipeline: name, stage: stage.name, reason: reason), by: by)
        try settle(name)
    }
}
