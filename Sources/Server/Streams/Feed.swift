import Conductor
import Engine
import JSON
import People
import Pipelines
import Store
import Synchronization

/// Reads what comes onto the record once, for all who listen: each event is put into words once,
/// and a listener is no more than a place on the record.
final class Feed: Sendable {
    /// How many events are kept at hand; whoever is further behind reads the record itself.
    static let kept = 1_024
    static let pageSize = 256

    struct Line: Sendable {
        let sequence: Int
        let pipeline: PipelineName?
        let permission: Permission
        /// The event as it is sent.
        let text: [UInt8]
    }

    private struct Held: Sendable {
        /// In order. Records that are told to nobody have no line.
        var lines: [Line] = []
        /// The record that `lines` begin behind, and the one that they reach.
        var start: Int
        var end: Int
        var isReading = false
        var isStale = false
        var wakes: [Int: @Sendable () -> Void] = [:]
        var attempts: [AttemptID: [Int: @Sendable () -> Void]] = [:]
        var next = 0
    }

    private let held: Mutex<Held>
    private let desk: any Desk
    private let clerk: Clerk
    private let meter: Meter
    private let listening = Mutex<(any Sendable)?>(nil)

    init(desk: any Desk, home: String, meter: Meter) {
        let start = desk.view.state.sequence
        held = Mutex(Held(start: start, end: start))
        self.desk = desk
        clerk = Clerk(home: home, name: "feed")
        self.meter = meter
        listening.withLock { $0 = desk.listen { [weak self] in self?.read() } }
        read()
    }

    /// How far it has read.
    var end: Int { held.withLock { $0.end } }

    enum Piece: Sendable {
        /// What comes behind a place, as far as it is at hand, and where that leads.
        case lines([Line], through: Int)
        case nothingNew
        /// It lies further back than anything that is at hand.
        case onRecord
    }

    func lines(after place: Int) -> Piece {
        held.withLock { held in
            if place >= held.end { return .nothingNew }
            if place < held.start { return .onRecord }
            // By halves: the lines are in the order of the record.
            var low = 0
            var high = held.lines.count
            while low < high {
                let middle = (low + high) / 2
                if held.lines[middle].sequence <= place { low = middle + 1 } else { high = middle }
            }
            let lines = Array(held.lines[low...].prefix(Self.pageSize))
            let isAll = low + lines.count == held.lines.count
            return .lines(lines, through: isAll ? held.end : lines.last?.sequence ?? held.end)
        }
    }

    /// Wakes whenever there is more, until what it returns is let go of.
    func listen(_ wake: @escaping @Sendable () -> Void) -> Listening {
        let key = held.withLock { held in
            held.next += 1
            held.wakes[held.next] = wake
            return held.next
        }
        return Listening { [weak self] in
            _ = self?.held.withLock { $0.wakes.removeValue(forKey: key) }
        }
    }

    /// Wakes when something becomes of one attempt.
    func listen(to attempt: AttemptID, _ wake: @escaping @Sendable () -> Void) -> Listening {
        let key = held.withLock { held in
            held.next += 1
            held.attempts[attempt, default: [:]][held.next] = wake
            return held.next
        }
        return Listening { [weak self] in
            self?.held.withLock { held in
                held.attempts[attempt]?[key] = nil
                if held.attempts[attempt]?.isEmpty == true { held.attempts[attempt] = nil }
            }
        }
    }

    static func line(_ record: Record) -> Line? {
        guard let event = PublicEvent(record) else { return nil }
        let text =
            "id: \(record.sequence)\nevent: \(event.name.rawValue)\ndata: \(event.json.text)\n\n"
        return Line(
            sequence: record.sequence, pipeline: event.pipeline, permission: event.permission,
            text: Array(text.utf8))
    }

    /// Called from any thread, as often as anybody likes: one reading at a time, and one more where
    /// something came meanwhile.
    private func read() {
        let isFirst = held.withLock { held in
            if held.isReading {
                held.isStale = true
                return false
            }
            held.isReading = true
            return true
        }
        if isFirst { begin() }
    }

    private func begin() {
        _ = clerk.ask { [weak self] archive in
            guard let self else { return }
            repeat {
                held.withLock { $0.isStale = false }
                // What the desk does not show yet is left for its next word: whoever is woken looks
                // there, and has to find what they were woken for.
                let shown = desk.view.state.sequence
                while end < shown {
                    let records = try archive.records(
                        after: end, limit: min(Self.pageSize, shown - end))
                    if records.isEmpty { break }
                    take(records)
                }
            } while held.withLock { held in
                held.isReading = held.isStale
                return held.isStale
            }
        } orElse: { [weak self] _ in
            // The next word of the desk tries again.
            self?.held.withLock { $0.isReading = false }
        }
    }

    private func take(_ records: [Record]) {
        let lines = records.compactMap(Self.line)
        let attempts = Set(records.compactMap(\.event.attempt))
        meter.take(records)
        let wakes = held.withLock { held -> [@Sendable () -> Void] in
            held.lines += lines
            held.end = records.last?.sequence ?? held.end
            let surplus = held.lines.count - Self.kept
            if surplus > 0 {
                held.start = held.lines[surplus - 1].sequence
                held.lines.removeFirst(surplus)
            }
            return Array(held.wakes.values)
                + attempts.flatMap { held.attempts[$0].map { Array($0.values) } ?? [] }
        }
        for wake in wakes { wake() }
    }
}

extension Event {
    /// The one that it is about.
    fileprivate var attempt: AttemptID? {
        switch self {
        case .attemptQueued(let attempt, _), .attemptAdmitted(let attempt),
            .attemptStarted(let attempt), .attemptFinished(let attempt, _),
            .retryScheduled(let attempt, _):
            attempt
        default: nil
        }
    }
}
