package import Engine
import Pipelines

/// What starts when another pipeline has succeeded.
package enum Successors {
    /// Longer chains of pipelines are taken for a circle.
    static let longestChain = 32

    /// The request names the execution that is followed, so that asking twice starts once.
    package static func starts(after record: Record, in state: EngineState) -> [Start] {
        guard case .executionFinished(let execution, .succeeded, _) = record.event,
            // What was put back or promoted has succeeded before.
            let ended = state.execution(execution), !ended.isRollback, !ended.isPromotion
        else { return [] }
        let chain = chain(to: execution, in: state)
        guard chain.count < longestChain else { return [] }
        return state.pipelines.values.sorted { $0.name < $1.name }.compactMap { pipeline in
            guard let definition = pipeline.current?.definition, !chain.contains(pipeline.name),
                definition.triggers.contains(.pipeline(execution.pipeline))
            else { return nil }
            return Start(
                pipeline.name, cause: .pipeline(execution),
                request: RequestID("after \(execution)"))
        }
    }

    /// The pipelines that led to an execution, its own included: none of them follows again, or
    /// they would run in a circle for ever.
    private static func chain(to execution: ExecutionID, in state: EngineState) -> [PipelineName] {
        var chain = [execution.pipeline]
        var place = execution
        while chain.count < longestChain,
            case .pipeline(let earlier)? = state.execution(place)?.cause
        {
            chain.append(earlier.pipeline)
            place = earlier
        }
        return chain
    }
}
