package import Engine
import People
import Pipelines

/// A second, plainer bookkeeping of what is on the record. It knows the rules but not the engine,
/// and objects to the first record that breaks one.
package struct Ledger {
    var pipelines: [PipelineName: Book] = [:]
    var places: [RunnerName: Int] = [:]
    var attempts: [AttemptID: Attempt] = [:]
    /// Waiting for a place, in the order they came.
    var queue: [AttemptID] = []
    var underWay: Set<AttemptID> = []
    var approvals: [ApprovalID: Question] = [:]
    var passes: [TokenID: Pass] = [:]
    /// What people write commits as.
    var otherNames: [String: [String]] = [:]
    var sequence = 0
    var clock = Steady(milliseconds: .min)

    /// What is known of one pipeline.
    struct Book {
        var definitions: [Int: Definition] = [:]
        var current = 0
        var closed: Set<StageName> = []
        var entries: [Int: Entry] = [:]
        var seen: [SourceName: [String: String]] = [:]
        /// A change that was seen and has not started anything yet.
        var pendingChange: SourceName?
        var succeeded: [StageName: [Int]] = [:]
    }

    /// What is known of one execution.
    struct Entry {
        let version: Int
        let revisions: [Revision]
        let starter: Who
        let cause: Cause
        var visit: Visit?
        var isInside = false
        var isWaiting = false
        var opened: [GateID.Side: Int] = [:]
        var windows: [GateID: Bool] = [:]
        var done: Set<ActionName> = []
        var lastNumbers: [Place: Int] = [:]
        var stopping: StopMode?
        var outcome: Outcome?

        var isRollback: Bool {
            if case .rollBack = cause { true } else { false }
        }
    }

    struct Place: Hashable {
        let stage: StageName
        let job: Job
        /// The checks of gates are counted for each visit.
        let visit: Int
    }

    enum Attempt: Equatable {
        case queued, admitted, started, finished
    }

    struct Question {
        var subject: String
        let deadline: Steady
        var names: [String] = []
    }

    package init() {}

    package mutating func enter(_ record: Record) throws(Violation) {
        guard record.sequence == sequence + 1 else {
            throw Violation(.chainWhole, "record \(record.sequence) follows \(sequence)")
        }
        guard record.at.steady >= clock else {
            throw Violation(
                .chainWhole, "record \(record.sequence) is older than the one before it")
        }
        sequence = record.sequence
        clock = record.at.steady
        switch record.event {
        case .runnerConfigured(let runner, let count): places[runner] = count
        case .people(let event): try enterPeople(event, at: record.at)
        case .pipelineDefined, .pipelineRemoved, .transitionClosed, .transitionOpened, .sourceSeen:
            enterPipeline(record)
        case .executionCreated, .stopRequested, .executionSuperseded, .executionFinished:
            try enterExecution(record)
        case .stageReached, .stageEntered, .stageRetried, .stageSkipped, .stageJudging, .stageLeft:
            try enterStage(record)
        case .gateReached, .windowChanged, .gateOpened, .gateRefused, .approvalAsked,
            .approvalVoted, .approvalVoided:
            try enterGate(record)
        case .attemptQueued, .attemptAdmitted, .attemptStarted, .attemptFinished, .retryScheduled:
            try enterAttempt(record)
        // Deployments have a simulation of their own.
        case .environment, .environmentRemoved: break
        }
    }

    private mutating func enterPipeline(_ record: Record) {
        switch record.event {
        case .pipelineDefined(let definition, let version):
            pipelines[definition.name, default: Book()].definitions[version] = definition
            pipelines[definition.name]?.current = version
        case .transitionClosed(let name, let stage, _): pipelines[name]?.closed.insert(stage)
        case .transitionOpened(let name, let stage, _): pipelines[name]?.closed.remove(stage)
        case .sourceSeen(let name, let source, let ref, let revision, _, let note):
            let before = pipelines[name]?.seen[source]?[ref]
            pipelines[name]?.seen[source, default: [:]][ref] = revision?.commit
            let starts = revision != nil && note == nil && before != revision?.commit
            pipelines[name]?.pendingChange = starts ? source : nil
        default: break
        }
    }
}

// Looking things up.
extension Ledger {
    func entry(_ id: ExecutionID) throws(Violation) -> Entry {
        guard let entry = pipelines[id.pipeline]?.entries[id.number] else {
            throw Violation(.chainWhole, "'\(id)' was never created")
        }
        return entry
    }

    func definition(_ id: ExecutionID) throws(Violation) -> Definition {
        let version = try entry(id).version
        guard let definition = pipelines[id.pipeline]?.definitions[version] else {
            throw Violation(.boundAtBirth, "'\(id)' has no definition \(version)")
        }
        return definition
    }

    func stage(_ visit: Visit) throws(Violation) -> Stage {
        guard
            let stage = try definition(visit.execution).stages.first(where: {
                $0.name == visit.stage
            })
        else { throw Violation(.boundAtBirth, "'\(visit)' is at a stage that it does not have") }
        return stage
    }

    mutating func change(
        _ id: ExecutionID, _ body: (inout Entry) throws(Violation) -> Void
    ) throws(Violation) {
        var entry = try entry(id)
        try body(&entry)
        pipelines[id.pipeline]?.entries[id.number] = entry
    }
}
