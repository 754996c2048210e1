package import Assignments
package import Engine
package import Pipelines

/// What the hands are to do.
package enum Order: Hashable, Sendable {
    /// Begin it, unless it was claimed before: a repeated or late order is harmless.
    case start(AttemptID)
    /// End it and say so. One that never began is claimed as stopped, so that no late order begins
    /// it.
    case kill(AttemptID)
    case watch(GateID, Window)
    /// Its result is on the record and need not be told again. The claim on its number stays.
    case collect(AttemptID)
}

/// The difference between what is wanted and what is there.
package struct Difference: Hashable, Sendable {
    package internal(set) var orders: [Order] = []
    /// What was found out by looking, to be decided like any message.
    package internal(set) var findings: [Command] = []
}

extension EngineState {
    /// Compares what should be under way with what the runners know. It looks at facts only, so it
    /// can be asked at any time, after any loss of messages, and gives the same answer for the same
    /// facts.
    package func difference(from observed: [AttemptID: Observed]) -> Difference {
        var difference = Difference()
        var wantedAttempts = Set<AttemptID>()
        for work in wanted {
            switch work {
            case .run(let attempt, _) where deploys(attempt),
                .kill(let attempt) where deploys(attempt):
                difference.findings += news(ofDeployment: attempt, work)
            case .run(let attempt, let hasStarted):
                wantedAttempts.insert(attempt)
                difference.compare(attempt, hasStarted: hasStarted, with: observed[attempt])
            case .kill(let attempt):
                wantedAttempts.insert(attempt)
                difference.compare(dying: attempt, with: observed[attempt])
            case .watch(let gate, let window): difference.orders.append(.watch(gate, window))
            }
        }
        let unwanted = observed.keys.filter { !wantedAttempts.contains($0) }
        for attempt in unwanted.sorted(by: { $0.description < $1.description }) {
            switch observed[attempt] {
            case .finished: difference.orders.append(.collect(attempt))
            case .running: difference.orders.append(.kill(attempt))
            case nil: break
            }
        }
        return difference
    }
}

extension Difference {
    fileprivate mutating func compare(
        _ attempt: AttemptID, hasStarted: Bool, with seen: Observed?
    ) {
        switch seen {
        case .running:
            if !hasStarted { findings.append(.started(attempt)) }
        case .finished(let result): findings.append(.finished(attempt, result))
        case nil where hasStarted:
            let reason = "its runner no longer knows of it"
            findings.append(.finished(attempt, .init(end: .failed(.lost, reason))))
        case nil: orders.append(.start(attempt))
        }
    }

    fileprivate mutating func compare(dying attempt: AttemptID, with seen: Observed?) {
        switch seen {
        case .running, nil: orders.append(.kill(attempt))
        case .finished(let result): findings.append(.finished(attempt, result))
        }
    }
}
