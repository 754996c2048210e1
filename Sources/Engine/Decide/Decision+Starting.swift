import Pipelines

// How executions come into being.
extension Decision {
    /// How many executions of one pipeline can be alive.
    static let maximumLive = 500

    mutating func see(_ sighting: Sighting) throws(Refusal) {
        let (pipeline, current) = try pipeline(sighting.pipeline)
        guard current.definition.sources.contains(where: { $0.name == sighting.source }) else {
            throw Refusal(
                .unknown, "pipeline '\(sighting.pipeline)' has no source '\(sighting.source)'",
                hint: "its definition has changed; look again")
        }
        let known = pipeline.sources[sighting.source] ?? SourceState()
        // Hooks, polls and repeated messages tell of one change many times; it is one change.
        // That a source was looked at for the first time is remembered even if nothing was there:
        // what comes later is a push then.
        guard sighting.reading > known.reading,
            known.reading == 0 || known.commits[sighting.ref] != sighting.revision?.id
        else { return }
        var note = sighting.note
        var revisions: [Revision]?
        if let revision = sighting.revision, note == nil {
            revisions = complete([revision], for: current.definition, from: pipeline)
            if revisions == nil { note = "not every source has been seen yet" }
            if pipeline.live.count(where: { _ in true }) >= Self.maximumLive {
                revisions = nil
                note = "\(Self.maximumLive) executions are alive already"
            }
        }
        try emit(
            .sourceSeen(
                pipeline: sighting.pipeline, source: sighting.source, ref: sighting.ref,
                revision: sighting.revision, reading: sighting.reading, note: note), by: by)
        guard let revisions else { return }
        let variables = try resolve([:], for: current.definition, isPerson: false)
        try create(
            in: sighting.pipeline, version: current.number, cause: .revision(sighting.source),
            revisions: revisions, variables: variables, request: nil)
    }

    mutating func start(_ wish: Start) throws(Refusal) {
        let (pipeline, current) = try pipeline(wish.pipeline)
        if let request = wish.request,
            let earlier = pipeline.requests.last(where: { $0.id == request })
        {
            execution = ExecutionID(wish.pipeline, earlier.number)
            return
        }
        for revision in wish.revisions
        where !current.definition.sources.contains(where: { $0.name == revision.source }) {
            throw Refusal(
                .invalid, "pipeline '\(wish.pipeline)' has no source '\(revision.source)'",
                hint: "it has \(list(current.definition.sources.map(\.name.description)))")
        }
        guard let revisions = complete(wish.revisions, for: current.definition, from: pipeline)
        else {
            throw Refusal(
                .conflict, "not every source of '\(wish.pipeline)' has been seen yet",
                hint: "wait for the first look at them, or give a revision for each")
        }
        guard pipeline.live.count(where: { _ in true }) < Self.maximumLive else {
            throw Refusal(
                .limit, "\(Self.maximumLive) executions of '\(wish.pipeline)' are alive already",
                hint: "wait for some to end, or stop them")
        }
        let variables = try resolve(wish.variables, for: current.definition, isPerson: true)
        try create(
            in: wish.pipeline, version: current.number, cause: wish.cause, revisions: revisions,
            variables: variables, request: wish.request)
    }

    mutating func create(
        in pipeline: PipelineName, version: Int, cause: Cause, revisions: [Revision],
        variables: [VariableName: String], request: RequestID?, automatic: Bool = false
    ) throws(Refusal) {
        let number = state.pipelines[pipeline]?.nextNumber ?? 1
        let id = ExecutionID(pipeline, number)
        try emit(
            .executionCreated(
                execution: id, version: version, cause: cause, revisions: revisions,
                variables: variables, request: request), by: automatic ? .slipway : by)
        execution = id
        try settle(pipeline)
    }

    /// One revision for each source, in the order of the definition; nothing if one was never seen.
    private func complete(
        _ given: [Revision], for definition: Definition, from pipeline: PipelineState
    ) -> [Revision]? {
        var revisions: [Revision] = []
        for source in definition.sources {
            let revision =
                given.last { $0.source == source.name } ?? pipeline.sources[source.name]?.latest
            guard let revision else { return nil }
            revisions.append(revision)
        }
        return revisions
    }

    private func resolve(
        _ given: [VariableName: String], for definition: Definition, isPerson: Bool
    ) throws(Refusal) -> [VariableName: String] {
        let known = Set(definition.variables.map(\.name))
        if let unknown = given.keys.filter({ !known.contains($0) }).min() {
            throw Refusal(
                .invalid, "pipeline '\(definition.name)' has no variable '\(unknown)'",
                hint: "it has \(list(definition.variables.map(\.name.description)))")
        }
        var values: [VariableName: String] = [:]
        for variable in definition.variables {
            guard let value = given[variable.name] ?? variable.standard else {
                // What starts by itself has nobody to ask; the actions see an empty text.
                if !isPerson { continue }
                throw Refusal(
                    .invalid, "variable '\(variable.name)' has no value",
                    hint: "give one: it has no default")
            }
            if !variable.choices.isEmpty, !variable.choices.contains(value) {
                throw Refusal(
                    .invalid, "variable '\(variable.name)' cannot be '\(value)'",
                    hint: "choose \(list(variable.choices))")
            }
            values[variable.name] = value
        }
        return values
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
