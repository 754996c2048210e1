package import Pipelines

/// Who runs, who waits for a place, and in what order.
///
/// The queue is fair: each action draws a number that grows with what its pipeline already has
/// waiting, so a pipeline with a hundred actions does not keep another's single one waiting. A step
/// of priority is worth `headStart` numbers. Numbers only grow, so nobody is overtaken for ever.
package struct RunnerStates: Hashable, Sendable, Codable {
    /// How many actions run at once on a runner that nobody has configured.
    package static let standardPlaces = 4
    package static let headStart = 16

    package internal(set) var places: [RunnerName: Int] = [:]
    /// By rank, so the first that can start is the one that should.
    package internal(set) var queue: [Ticket] = []
    /// In the order they were admitted.
    package internal(set) var underWay: [UnderWay] = []
    var lastRanks: [PipelineName: Int] = [:]
    var served = 0

    package struct Ticket: Hashable, Sendable, Codable {
        package let attempt: AttemptID
        package let runner: RunnerName
        package let environment: EnvironmentName?
        package let rank: Int
    }

    package struct UnderWay: Hashable, Sendable, Codable {
        package let attempt: AttemptID
        package let runner: RunnerName
        package let environment: EnvironmentName?
        /// The runner has said that it runs.
        package internal(set) var hasStarted = false
        /// It is to be killed; until that is confirmed it keeps its place and its environment.
        package internal(set) var isDying = false
    }

    package func places(of runner: RunnerName) -> Int {
        // Deployments take turns by their environments.
        places[runner] ?? (runner == .deployments ? .max : Self.standardPlaces)
    }

    package func used(of runner: RunnerName) -> Int {
        underWay.count { $0.runner == runner }
    }

    package func holder(of environment: EnvironmentName) -> AttemptID? {
        underWay.first { $0.environment == environment }?.attempt
    }

    /// An earlier attempt at the same job that is not known to be dead.
    package func predecessor(of attempt: AttemptID) -> AttemptID? {
        underWay.first {
            $0.attempt.visit.execution == attempt.visit.execution
                && $0.attempt.visit.stage == attempt.visit.stage && $0.attempt.job == attempt.job
        }?.attempt
    }

    /// The first in the queue that nothing keeps from starting.
    package var next: Ticket? {
        var used: [RunnerName: Int] = [:]
        for entry in underWay { used[entry.runner, default: 0] += 1 }
        return queue.first { ticket in
            used[ticket.runner, default: 0] < places(of: ticket.runner)
                && ticket.environment.flatMap(holder) == nil
                && predecessor(of: ticket.attempt) == nil
        }
    }

    mutating func enqueue(
        _ attempt: AttemptID, runner: RunnerName, environment: EnvironmentName?, priority: Priority
    ) {
        let pipeline = attempt.visit.execution.pipeline
        let turn = max(served, lastRanks[pipeline] ?? 0) + 1
        lastRanks[pipeline] = turn
        let ticket = Ticket(
            attempt: attempt, runner: runner, environment: environment,
            rank: turn - priority.steps * Self.headStart)
        let place = queue.firstIndex { $0.rank > ticket.rank } ?? queue.endIndex
        queue.insert(ticket, at: place)
    }

    mutating func admit(at index: Int) {
        let ticket = queue.remove(at: index)
        let pipeline = ticket.attempt.visit.execution.pipeline
        served = max(served, ticket.rank)
        if let last = lastRanks[pipeline], last <= served { lastRanks[pipeline] = nil }
        underWay.append(
            UnderWay(
                attempt: ticket.attempt, runner: ticket.runner, environment: ticket.environment))
    }

    /// Actions and checks; a hook goes with its deployment.
    mutating func withdraw(where gone: (AttemptID) -> Bool) {
        queue.removeAll { !$0.attempt.job.isHook && gone($0.attempt) }
    }

    mutating func kill(where condemned: (AttemptID) -> Bool) {
        for index in underWay.indices
        where !underWay[index].attempt.job.isHook && condemned(underWay[index].attempt) {
            underWay[index].isDying = true
        }
    }

    mutating func withdraw(hook: AttemptID) { queue.removeAll { $0.attempt == hook } }

    mutating func kill(hook: AttemptID) {
        for index in underWay.indices where underWay[index].attempt == hook {
            underWay[index].isDying = true
        }
    }
}

extension Priority {
    fileprivate var steps: Int {
        switch self {
        case .low: -1
        case .normal: 0
        case .high: 1
        case .urgent: 2
        }
    }
}
