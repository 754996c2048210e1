package import Engine
package import Pipelines

/// Figures that records add up to, from the moment the server was started. A value without a clock:
/// every time that it knows stands in a record.
package struct Measurements: Hashable, Sendable {
    private var executions = Counter()
    private var stages = Counter()
    private var attempts = Counter()
    private var executionTimes = Histogram()
    private var stageTimes = Histogram()
    private var attemptTimes = Histogram()
    private var queueTimes = Histogram()
    private var triggerTimes = Histogram(label: "trigger")
    /// When the last execution of each pipeline ended: another may follow it.
    private var ends: [ExecutionID: Steady] = [:]
    private var logBytes = 0
    private var records = 0
    private var labels = Labels()
    private var flights: [ExecutionID: Flight] = [:]

    /// What is under way, so that its time can be told when it ends.
    private struct Flight: Hashable {
        var created: Steady?
        var entered: Steady?
        var queued: [AttemptID: Steady] = [:]
        var started: [AttemptID: Steady] = [:]
    }

    package init() {}

    package mutating func add(logBytes count: Int) { logBytes += count }

    /// From when it was due, or told of, that a remote is looked at, until the execution was there.
    package mutating func add(triggerDelay: Duration) { triggerTimes.add(triggerDelay, ["git"]) }

    package mutating func take(_ record: Record) {
        records += 1
        let now = record.at.steady
        switch record.event {
        case .executionCreated(let id, _, let cause, _, _, let request):
            flights[id] = Flight(created: now)
            begin(cause, request, at: record.at)
        case .executionFinished(let id, let outcome, _): finish(id, outcome, at: now)
        case .executionSuperseded(let id, _): finish(id, .superseded, at: now)
        case .stageEntered(let visit): flights[visit.execution, default: Flight()].entered = now
        case .stageLeft(let visit, let succeeded):
            let pipeline = labels.label(visit.execution.pipeline)
            stages.add([pipeline, succeeded ? "succeeded" : "failed"])
            if let entered = flights[visit.execution]?.entered {
                stageTimes.add(now - entered, [pipeline])
            }
            flights[visit.execution]?.entered = nil
        case .stageSkipped(let visit, _):
            stages.add([labels.label(visit.execution.pipeline), "skipped"])
        case .attemptQueued(let attempt, _):
            flights[attempt.visit.execution]?.queued[attempt] = now
        case .attemptAdmitted(let attempt):
            let queued = flights[attempt.visit.execution]?.queued.removeValue(forKey: attempt)
            if let queued {
                queueTimes.add(now - queued, [labels.label(attempt.visit.execution.pipeline)])
            }
        case .attemptStarted(let attempt):
            flights[attempt.visit.execution]?.started[attempt] = now
        case .attemptFinished(let attempt, let result): finish(attempt, result.end, at: now)
        default: break
        }
    }

    /// How late something was started that had its time: a schedule's, or another pipeline's end.
    private mutating func begin(_ cause: Cause, _ request: RequestID?, at now: Moment) {
        switch cause {
        case .schedule:
            guard let seconds = request?.text.split(separator: " ").last.flatMap({ Int64($0) })
            else { return }
            triggerTimes.add(.milliseconds(now.wall - seconds * 1_000), ["schedule"])
        case .pipeline(let earlier):
            guard let end = ends[earlier] else { return }
            triggerTimes.add(now.steady - end, ["pipeline"])
        case .person, .revision, .rollBack, .promotion: break
        }
    }

    private mutating func finish(_ id: ExecutionID, _ outcome: Outcome, at now: Steady) {
        let pipeline = labels.label(id.pipeline)
        executions.add([pipeline, outcome.rawValue])
        ends = ends.filter { $0.key.pipeline != id.pipeline }
        if outcome == .succeeded { ends[id] = now }
        if let created = flights.removeValue(forKey: id)?.created {
            executionTimes.add(now - created, [pipeline])
        }
    }

    private mutating func finish(_ attempt: AttemptID, _ end: AttemptEnd, at now: Steady) {
        let pipeline = labels.label(attempt.visit.execution.pipeline)
        let outcome =
            switch end {
            case .succeeded: "succeeded"
            case .stopped: "stopped"
            case .failed(let cause, _): cause.rawValue
            }
        attempts.add([pipeline, outcome])
        flights[attempt.visit.execution]?.queued[attempt] = nil
        let started = flights[attempt.visit.execution]?.started.removeValue(forKey: attempt)
        if let started { attemptTimes.add(now - started, [pipeline]) }
    }

    /// As Prometheus reads it.
    package var text: String {
        let byOutcome = ["pipeline", "outcome"]
        return executions.text("slipway_executions_total", "Executions that ended.", byOutcome)
            + executionTimes.text(
                "slipway_execution_seconds", "From creation to end of an execution.")
            + stages.text("slipway_stages_total", "Stages that were left.", byOutcome)
            + stageTimes.text("slipway_stage_seconds", "From entering to leaving a stage.")
            + attempts.text("slipway_attempts_total", "Attempts at actions that ended.", byOutcome)
            + attemptTimes.text("slipway_attempt_seconds", "From start to end of an attempt.")
            + queueTimes.text("slipway_queue_seconds", "From asking for a place to getting one.")
            + triggerTimes.text(
                "slipway_trigger_delay_seconds",
                "From when something was due or told of until its execution was there.")
            + Figures.one("slipway_log_bytes_total", "counter", "Printed by attempts.", logBytes)
            + Figures.one("slipway_records_total", "counter", "Put on the record.", records)
    }
}

/// Names that may become labels: so many and no more, because each label is kept for good by
/// whoever reads them.
package struct Labels: Hashable, Sendable {
    package static let most = 200
    /// No name begins with this letter.
    package static let other = "_other"

    private var known: Set<String> = []

    package init() {}

    package mutating func label<Subject>(_ name: Name<Subject>) -> String {
        let text = name.description
        if known.contains(text) { return text }
        guard known.count < Self.most else { return Self.other }
        known.insert(text)
        return text
    }
}
