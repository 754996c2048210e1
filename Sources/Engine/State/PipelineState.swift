package import Pipelines

/// A pipeline with its versions, its doors and the executions that still matter.
package struct PipelineState: Hashable, Sendable, Codable {
    package let name: PipelineName
    /// By version, oldest first; the last is the one that new executions are born with.
    package internal(set) var versions: [Version] = []
    /// By number. Those that ended stay while a stage remembers them.
    package internal(set) var executions: [Execution] = []
    package internal(set) var stages: [StageName: StageState] = [:]
    package internal(set) var sources: [SourceName: SourceState] = [:]
    package internal(set) var nextNumber = 1
    /// The newest requests to start something, oldest first, with what they were answered.
    package internal(set) var requests: [Request] = []
    package internal(set) var isRemoved = false

    package struct Version: Hashable, Sendable, Codable {
        package let number: Int
        package let definition: Definition
    }

    package struct Request: Hashable, Sendable, Codable {
        package let id: RequestID
        package let number: Int
    }

    package init(name: PipelineName) { self.name = name }

    package var current: Version? { isRemoved ? nil : versions.last }

    package func definition(_ version: Int) -> Definition? {
        versions.last { $0.number == version }?.definition
    }

    package func execution(_ number: Int) -> Execution? {
        index(of: number).map { executions[$0] }
    }

    package var live: some Sequence<Execution> {
        executions.lazy.filter { !$0.isFinished }
    }

    /// Whoever is inside the stage at this moment.
    package func holders(of stage: StageName) -> [Execution] {
        executions.filter { $0.holds(stage) }
    }

    func index(of number: Int) -> Int? {
        // By halves: a busy pipeline has hundreds, and this is asked at every step.
        var low = 0
        var high = executions.count
        while low < high {
            let middle = (low + high) / 2
            if executions[middle].id.number < number { low = middle + 1 } else { high = middle }
        }
        return low < executions.count && executions[low].id.number == number ? low : nil
    }
}

/// What is remembered of a stage between executions.
package struct StageState: Hashable, Sendable, Codable {
    /// How many executions that succeeded in a stage can be rolled back to.
    package static let successesKept = 10

    /// The door into the stage is closed, by whom and why.
    package internal(set) var closed: Closing?
    /// The last execution that entered.
    package internal(set) var lastEntered: Int?
    /// Executions that succeeded here, oldest first.
    package internal(set) var successes: [Int] = []

    package struct Closing: Hashable, Sendable, Codable {
        package let reason: String
        package let by: String
        package internal(set) var at: Steady?
    }
}

/// What was last seen of a source.
package struct SourceState: Hashable, Sendable, Codable {
    package internal(set) var reading = 0
    package internal(set) var commits: [String: String] = [:]
    /// The newest revision that was seen; executions that another source starts carry it too.
    package internal(set) var latest: Revision?
}
