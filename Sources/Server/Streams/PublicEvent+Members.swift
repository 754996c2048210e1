import Engine
import JSON
import Pipelines

// What is told of what an event is about.

extension JSON.Member {
    static func text(_ key: String, _ value: some CustomStringConvertible) -> Self {
        Self(key, .string(value.description))
    }
    static func execution(_ id: ExecutionID) -> Self { Self("execution", .string("\(id)")) }
    static func stage(_ name: StageName) -> Self { Self("stage", .string("\(name)")) }
    static func reason(_ text: String) -> Self { Self("reason", .string(text)) }
}

extension Visit {
    var pipeline: PipelineName { execution.pipeline }

    var members: [JSON.Member] {
        [.execution(execution), .stage(stage), .init("visit", .int(number))]
    }
}

extension GateID {
    var members: [JSON.Member] {
        visit.members + [.init("gate", .string(Job.check(side, index).word))]
    }
}

extension ApprovalID {
    var members: [JSON.Member] {
        visit.members + [.init("approval", .string(address))]
    }
}

extension AttemptID {
    var members: [JSON.Member] {
        visit.members + [.init("job", .string(job.word)), .init("attempt", .int(number))]
    }
}

extension AttemptEnd {
    var members: [JSON.Member] {
        switch self {
        case .succeeded: [.init("status", "succeeded")]
        case .stopped: [.init("status", "stopped")]
        case .failed(let cause, let reason):
            [
                .init("status", "failed"), .init("cause", .string(cause.rawValue)),
                .init("reason", .string(reason)),
            ]
        }
    }
}
