package import People
package import Pipelines

/// Everything that the engine knows: what all events up to `sequence` add up to.
///
/// It holds what is alive and what can still be retried or rolled back to. Executions beyond that
/// are history, which the store keeps, so the state does not grow with the years.
package struct EngineState: Hashable, Sendable, Codable {
    /// The number of the last record that is in here.
    package internal(set) var sequence = 0
    package internal(set) var pipelines: [PipelineName: PipelineState] = [:]
    package internal(set) var runners = RunnerStates()
    package internal(set) var people = Directory()
    package internal(set) var environments: [EnvironmentName: EnvironmentState] = [:]

    package init() {}

    package func execution(_ id: ExecutionID) -> Execution? {
        pipelines[id.pipeline]?.execution(id.number)
    }

    package func definition(of execution: Execution) -> Definition? {
        pipelines[execution.id.pipeline]?.definition(execution.version)
    }
}

/// A record that does not follow from those before it. A log that was written by the engine has
/// none.
package struct Contradiction: Error, Hashable, CustomStringConvertible {
    package let sequence: Int
    package let problem: String

    package var description: String {
        "record \(sequence) does not follow from those before it: \(problem)"
    }
}
