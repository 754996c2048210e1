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

    package mutating func take(_ record: Record) {
        records += 1
        let now = record.at.steady
        switch record.event {
        case .executionCreated(let id, _, _, _, _, _):
            flights[id] = Flight(created: now)
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

    private mutating func finish(_ id: ExecutionID, _ outcome: Outcome, at now: Steady) {
        let pipeline = labels.label(id.pipeline)
        executions.add([pipeline, outcome.rawValue])
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
            + Self.figure("slipway_log_bytes_total", "counter", "Printed by attempts.", logBytes)
            + Self.figure("slipway_records_total", "counter", "Put on the record.", records)
    }

    static func figure(_ name: String, _ type: String, _ about: String, _ value: Int) -> String {
        "# HELP \(name) \(about)\n# TYPE \(name) \(type)\n\(name) \(value)\n"
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

struct Counter: Hashable, Sendable {
    private var counts: [[String]: Int] = [:]

    mutating func add(_ labels: [String]) { counts[labels, default: 0] += 1 }

    func text(_ name: String, _ about: String, _ labels: [String]) -> String {
        let lines = counts.map { values, count in
            let pairs = zip(labels, values).map { "\($0)=\"\($1)\"" }.joined(separator: ",")
            return "\(name){\(pairs)} \(count)\n"
        }
        return "# HELP \(name) \(about)\n# TYPE \(name) counter\n" + lines.sorted().joined()
    }
}

/// How many took how long, by pipeline.
struct Histogram: Hashable, Sendable {
    /// In milliseconds.
    static let bounds = [100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000]

    private struct Row: Hashable {
        var counts = Array(repeating: 0, count: Histogram.bounds.count + 1)
        var sum = 0
    }

    private var rows: [String: Row] = [:]

    mutating func add(_ time: Duration, _ labels: [String]) {
        let (seconds, attoseconds) = time.components
        let milliseconds = max(0, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
        let place = Self.bounds.firstIndex { milliseconds <= $0 } ?? Self.bounds.count
        rows[labels[0], default: Row()].counts[place] += 1
        rows[labels[0], default: Row()].sum += milliseconds
    }

    func text(_ name: String, _ about: String) -> String {
        var text = "# HELP \(name) \(about)\n# TYPE \(name) histogram\n"
        for (pipeline, row) in rows.sorted(by: { $0.key < $1.key }) {
            var count = 0
            for (place, bound) in Self.bounds.enumerated() {
                count += row.counts[place]
                text += "\(name)_bucket{pipeline=\"\(pipeline)\",le=\"\(Self.seconds(bound))\"} "
                text += "\(count)\n"
            }
            count += row.counts.last ?? 0
            text += "\(name)_bucket{pipeline=\"\(pipeline)\",le=\"+Inf\"} \(count)\n"
            text += "\(name)_sum{pipeline=\"\(pipeline)\"} \(Self.seconds(row.sum))\n"
            text += "\(name)_count{pipeline=\"\(pipeline)\"} \(count)\n"
        }
        return text
    }

    private static func seconds(_ milliseconds: Int) -> String {
        "\(milliseconds / 1_000).\(String(milliseconds % 1_000 + 1_000).dropFirst())"
    }
}
