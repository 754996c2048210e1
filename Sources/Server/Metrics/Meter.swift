package import Attempts
package import Engine
import Logs
import Pipelines
import Synchronization

/// The figures of a server while it runs. Whoever has one to tell does so from any thread.
package final class Meter: Sendable {
    private struct Told {
        var measurements = Measurements()
        var looks = Looks()
        var writes = Histogram(Histogram.short, label: nil)
    }

    private let told = Mutex(Told())
    private let denials = Atomic<Int>(0)
    /// Where an attempt's log is.
    private let folder: @Sendable (AttemptID) -> AttemptFolder

    package init(folder: @escaping @Sendable (AttemptID) -> AttemptFolder) { self.folder = folder }

    /// Something was written to the record, and is safe on the disk.
    package func wrote(in time: Duration) { told.withLock { $0.writes.add(time) } }

    package func looked(_ look: LookFigure) {
        told.withLock { told in
            told.looks.add(look)
            if let delay = look.delay { told.measurements.add(triggerDelay: delay) }
        }
    }

    func take(_ records: [Record]) {
        // Looked at before the lock is taken: this waits for the disk.
        let bytes = records.reduce(0) { sum, record in
            if case .attemptFinished(let attempt, _) = record.event {
                sum + size(of: attempt)
            } else {
                sum
            }
        }
        told.withLock { told in
            for record in records { told.measurements.take(record) }
            told.measurements.add(logBytes: bytes)
        }
    }

    /// How many bytes an attempt has printed.
    private func size(of attempt: AttemptID) -> Int {
        let reader = try? LogReader.open(LogPlace(folder(attempt).log))
        return (try? reader?.length()) ?? 0
    }

    func countDenial() { denials.add(1, ordering: .relaxed) }

    /// With what can be told from the state alone.
    func text(of state: EngineState, trouble: String?, watched: WatchFigures?) -> String {
        let live = state.pipelines.values.reduce(0) { sum, pipeline in
            pipeline.live.reduce(sum) { sum, _ in sum + 1 }
        }
        let gauge = { (name: String, about: String, value: Int) in
            Figures.one(name, "gauge", about, value)
        }
        let told = told.withLock(\.self)
        return told.measurements.text + told.looks.text
            + told.writes.text(
                "slipway_record_write_seconds", "How long it took to make records durable.")
            + Figures.one(
                "slipway_denials_total", "counter", "Requests that were not allowed.",
                denials.load(ordering: .relaxed))
            + gauge("slipway_ready", "Whether new work is taken on.", trouble == nil ? 1 : 0)
            + gauge("slipway_pipelines", "Pipelines.", state.pipelines.count)
            + gauge("slipway_executions_live", "Executions that have not ended.", live)
            + gauge("slipway_record_sequence", "The last record.", state.sequence)
            + runners(state.runners) + (watched?.text ?? "") + ProcessFigures.text
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
            Figures.some(
                word.0, word.1, "runner",
                rows.sorted { $0.key < $1.key }.map { ($0.key, $0.value[index]) })
        }.joined()
    }
}
