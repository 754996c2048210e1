import Engine
import Pipelines

extension Ledger {
    mutating func enter(_ visit: Visit) throws(Violation) {
        try requireLive(visit.execution)
        let entry = try entry(visit.execution)
        guard entry.isWaiting, entry.visit == visit, let book = pipelines[visit.execution.pipeline]
        else { throw Violation(.gatesFirst, "'\(visit)' was entered without waiting") }
        let mode = book.definitions[entry.version]?.mode
        for (number, other) in book.entries
        where other.isInside && other.visit?.stage == visit.stage {
            let both = mode == .parallel && book.definitions[other.version]?.mode == .parallel
            guard both else {
                throw Violation(
                    .oneHolder, "'\(visit)' was entered while execution \(number) holds it")
            }
        }
        if !entry.isRollback { try requirePassable(visit, entry, book) }
        try change(visit.execution) { entry in
            entry.isWaiting = false
            entry.isInside = true
        }
    }

    /// Doors, gates and order do not hold for what puts an earlier version back.
    private func requirePassable(
        _ visit: Visit, _ entry: Entry, _ book: Book
    ) throws(Violation) {
        if book.closed.contains(visit.stage) {
            throw Violation(.closedDoor, "'\(visit)' was entered")
        }
        let gates = try stage(visit).before
        guard entry.opened[.before, default: 0] == gates.count,
            entry.windows.values.allSatisfy(\.self)
        else { throw Violation(.gatesFirst, "'\(visit)' was entered with a gate shut") }
        guard book.definitions[entry.version]?.mode != .parallel else { return }
        for (number, other) in book.entries
        where number < visit.execution.number && other.outcome == nil && !other.isRollback {
            guard let definition = book.definitions[other.version], definition.mode != .parallel,
                let place = definition.stages.firstIndex(where: { $0.name == visit.stage })
            else { continue }
            let position = other.visit.flatMap { at in
                definition.stages.firstIndex { $0.name == at.stage }
            }
            let isBefore = position.map { $0 < place || ($0 == place && other.isWaiting) } ?? true
            if isBefore {
                throw Violation(
                    .firstInFirstOut, "'\(visit)' was entered before execution \(number)")
            }
        }
    }

    /// What has to hold when everything that follows by itself has followed.
    package func requireRest() throws(Violation) {
        for (name, book) in pipelines {
            var waiting: [String: [Int]] = [:]
            for (number, entry) in book.entries where entry.isWaiting {
                guard let visit = entry.visit, book.definitions[entry.version]?.mode == .superseded
                else { continue }
                waiting["\(visit.stage) \(entry.isRollback)", default: []].append(number)
            }
            for (stage, numbers) in waiting where numbers.count > 1 {
                throw Violation(
                    .newestWaits, "\(numbers.sorted()) of '\(name)' wait before '\(stage)'")
            }
        }
    }
}
