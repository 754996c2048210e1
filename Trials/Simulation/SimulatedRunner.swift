package import Assignments
package import Conductor
package import Engine
import Pipelines

/// Where attempts run in the simulation. It outlives the server, as supervisors do, and checks for
/// itself that it is never made to do anything twice.
package struct SimulatedRunner {
    package enum Status: Hashable {
        case running
        case finished(AttemptResult)
    }

    package private(set) var attempts: [AttemptID: Status] = [:]
    /// In the order they were first claimed, so that choices among them can be repeated.
    package private(set) var order: [AttemptID] = []
    package private(set) var collected: Set<AttemptID> = []
    package private(set) var starts = 0

    package init() {}

    package var running: [AttemptID] { order.filter { attempts[$0] == .running } }

    /// What the conductor sees when it looks: everything whose end was not collected yet.
    package var observed: [AttemptID: Observed] {
        var seen: [AttemptID: Observed] = [:]
        for attempt in order where !collected.contains(attempt) {
            switch attempts[attempt] {
            case .running: seen[attempt] = .running
            case .finished(let result): seen[attempt] = .finished(result)
            case nil: break
            }
        }
        return seen
    }

    package mutating func obey(_ order: Order) {
        switch order {
        case .start(let attempt):
            guard attempts[attempt] == nil else { return }
            claim(attempt, as: .running)
            starts += 1
        case .kill(let attempt):
            switch attempts[attempt] {
            case .running: attempts[attempt] = .finished(.init(end: .stopped))
            case nil: claim(attempt, as: .finished(.init(end: .stopped)))
            case .finished: break
            }
        case .collect(let attempt): collected.insert(attempt)
        case .watch: break
        }
    }

    package mutating func finish(_ attempt: AttemptID, with result: AttemptResult) {
        if attempts[attempt] == .running { attempts[attempt] = .finished(result) }
    }

    /// The machine that runs them goes down: what ran is lost, what had ended is on its disk.
    package mutating func crash() {
        for attempt in running {
            finish(attempt, with: .init(end: .failed(.lost, "its machine went down")))
        }
    }

    private mutating func claim(_ attempt: AttemptID, as status: Status) {
        attempts[attempt] = status
        order.append(attempt)
    }
}
