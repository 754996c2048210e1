import Engine
import Pipelines
import Synchronization

/// The figures of a server while it runs.
final class Meter: Sendable {
    private let measurements = Mutex(Measurements())
    private let denials = Atomic<Int>(0)
    /// How many bytes an attempt has printed.
    private let size: @Sendable (AttemptID) -> Int

    init(size: @escaping @Sendable (AttemptID) -> Int) { self.size = size }

    func take(_ records: [Record]) {
        // Looked at before the lock is taken: this waits for the disk.
        let bytes = records.reduce(0) { sum, record in
            if case .attemptFinished(let attempt, _) = record.event {
                sum + size(attempt)
            } else {
                sum
            }
        }
        measurements.withLock { measurements in
            for record in records { measurements.take(record) }
            measurements.add(logBytes: bytes)
        }
    }

    func countDenial() { denials.add(1, ordering: .relaxed) }

    /// With what can be told from the state alone.
    func text(of state: EngineState, trouble: String?) -> String {
        let live = state.pipelines.values.reduce(0) { sum, pipeline in
            pipeline.live.reduce(sum) { sum, _ in sum + 1 }
        }
        let gauge = { (name: String, about: String, value: Int) in
            Measurements.figure(name, "gauge", about, value)
        }
        return measurements.withLock { $0 }.text
            + Measurements.figure(
                "slipway_denials_total", "counter", "Requests that were not allowed.",
                denials.load(ordering: .relaxed))
            + gauge("slipway_ready", "Whether new work is taken on.", trouble == nil ? 1 : 0)
            + gauge("slipway_pipelines", "Pipelines.", state.pipelines.count)
            + gauge("slipway_executions_live", "Executions that have not ended.", live)
            + gauge("slipway_record_sequence", "The last record.", state.sequence)
            + runners(state.runners)
    }

    private func runners(_ state: RunnerStates) -> String {
        var labels = Labels()
        var rows: [String: [Int]] = [:]
        let names = Set(state.underWay.map(\.runner)).union(state.queue.map(\.runner))
            .union(state.places.keys).union([.process])
        for name in names.sorted() {
            let counts = [
                state.used(of: name), state.queue.count { $0.runner == name },
                state.places(of: name),
            ]
            rows[labels.label(name), default: [0, 0, 0]] = zip(
                rows[labels.label(name)] ?? [0, 0, 0], counts
            ).map(+)
        }
        let words = [
            ("slipway_attempts_running", "Attempts that hold a place."),
            ("slipway_attempts_queued", "Attempts that wait for a place."),
            ("slipway_runner_places", "Places."),
        ]
        return words.enumerated().map { index, word in
            "# HELP \(word.0) \(word.1)\n# TYPE \(word.0) gauge\n"
                + rows.sorted { $0.key < $1.key }.map { row in
                    "\(word.0){runner=\"\(row.key)\"} \(row.value[index])\n"
                }.joined()
        }.joined()
    }
}
