import Engine
import Pipelines
import Testing

/// An engine with one pipeline, and words for what happens to it.
struct House {
    var state = EngineState()
    var records: [Record] = []
    var wall: Int64 = 1_800_000_000_000
    var steady: Int64 = 0
    let name: PipelineName

    static let ada = Who.person(Person("ada", roles: ["developers"]))
    static let bea = Who.person(Person("bea", roles: ["release-managers"]))
    static let cem = Who.person(Person("cem", roles: ["release-managers"]))

    /// `stages` is the YAML below `stages:`.
    init(mode: String = "superseded", extra: String = "", stages: String) throws {
        let definition = try Self.definition(mode: mode, extra: extra, stages: stages)
        name = definition.name
        try tell(.define(definition), by: Self.ada)
    }

    static func definition(
        mode: String = "superseded", extra: String = "", stages: String
    ) throws -> Definition {
        let text = """
            name: shop
            mode: \(mode)
            \(extra)
            sources:
              app: { git: /repositories/shop }
            stages:
            \(stages)
            """
        let reading = Definition.read(Array(text.utf8))
        let problems = reading.diagnostics.filter { $0.severity == .error }.map(\.problem)
        return try #require(reading.definition, "\(problems)")
    }

    var now: Moment { Moment(wall: wall, steady: Steady(milliseconds: steady)) }

    @discardableResult
    mutating func tell(_ command: Command, by who: Who = .slipway) throws(Refusal) -> ExecutionID? {
        let decided = try state.decide(command, by: who, at: now)
        records += decided.records
        return decided.execution
    }

    mutating func start(commit: String = "c1", authors: [String] = ["ada"]) throws -> ExecutionID {
        let source = try #require(SourceName("app"))
        let revision = Revision(
            source: source, ref: "refs/heads/main", commit: commit, authors: authors)
        let start = Start(name, revisions: [revision])
        return try #require(try tell(.start(start), by: Self.ada))
    }

    /// Every attempt of this action, or check, that is under way.
    func attempts(_ job: String) -> [AttemptID] {
        state.runners.underWay.filter { !$0.isDying }.map(\.attempt).filter { word($0.job) == job }
    }

    private func word(_ job: Job) -> String {
        switch job {
        case .action(let name): name.description
        case .check(let side, let index): "\(side.rawValue)-\(index + 1)"
        case .hook: job.word
        }
    }

    mutating func finish(_ job: String, _ end: AttemptEnd = .succeeded) throws {
        let attempt = try #require(attempts(job).first, "'\(job)' is not under way")
        try tell(.finished(attempt, AttemptResult(end: end)))
    }

    mutating func fail(_ job: String, _ cause: RetryCause = .failed) throws {
        try finish(job, .failed(cause, "exit code 1"))
    }

    mutating func pass(_ duration: Duration) throws {
        steady += duration.components.seconds * 1_000
        wall += duration.components.seconds * 1_000
        try tell(.look)
    }

    func execution(_ id: ExecutionID) throws -> Execution { try #require(state.execution(id)) }

    func outcome(_ id: ExecutionID) -> Outcome? {
        if let end = state.execution(id)?.end { return end.outcome }
        // What is no longer kept has ended; the record says how.
        return records.compactMap { record in
            switch record.event {
            case .executionFinished(id, let outcome, _): outcome
            case .executionSuperseded(id, _): .superseded
            default: nil
            }
        }.last
    }

    func stage(of id: ExecutionID) -> String? {
        state.execution(id)?.passage?.visit.stage.description
    }

    var underWay: [String] {
        state.runners.underWay.map {
            "\($0.attempt.visit.execution.number)/\(word($0.attempt.job))"
        }
    }

    func asking() throws -> Asking {
        let all = state.pipelines.values.flatMap { $0.live }.compactMap { execution -> Asking? in
            guard let passage = execution.passage else { return nil }
            if case .asking(let asking) = passage.gates.current { return asking }
            for action in passage.actions {
                if case .asking(let asking) = action.status { return asking }
            }
            return nil
        }
        return try #require(all.first, "nobody is asked")
    }

    mutating func answer(
        _ verdict: Verdict = .approve, by who: Who = bea, comment: String = "",
        subject: String? = nil
    ) throws {
        let asking = try asking()
        let answer = Answer(
            asking.id, verdict, comment: comment, subject: subject ?? asking.subject)
        try tell(.answer(answer), by: who)
    }

    /// What all records add up to when they are read again.
    func replayed() throws -> EngineState {
        var state = EngineState()
        for record in records { try state.apply(record) }
        return state
    }
}

func name<Subject: Named>(_ text: String) throws -> Name<Subject> { try #require(Name(text)) }
