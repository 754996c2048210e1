package import Pipelines

/// One trip through a pipeline: `shop/42`.
package struct ExecutionID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let pipeline: PipelineName
    package let number: Int

    package init(_ pipeline: PipelineName, _ number: Int) {
        self.pipeline = pipeline
        self.number = number
    }

    package var description: String { "\(pipeline)/\(number)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.pipeline, left.number) < (right.pipeline, right.number)
    }
}

/// One arrival of an execution before a stage. A retry of the stage is a further visit, so what was
/// said of an earlier visit can never be taken for something said of this one.
package struct Visit: Hashable, Sendable, Codable, CustomStringConvertible {
    package let execution: ExecutionID
    package let stage: StageName
    package let number: Int

    package init(_ execution: ExecutionID, _ stage: StageName, _ number: Int) {
        self.execution = execution
        self.stage = stage
        self.number = number
    }

    package var description: String { "\(execution)/\(stage):\(number)" }
}

/// A gate on the way into a stage or out of it.
package struct GateID: Hashable, Sendable, Codable, CustomStringConvertible {
    package enum Side: String, Sendable, Codable {
        case before, after
    }

    package let visit: Visit
    package let side: Side
    package let index: Int

    package init(_ visit: Visit, _ side: Side, _ index: Int) {
        self.visit = visit
        self.side = side
        self.index = index
    }

    package var description: String { "\(visit) \(side.rawValue) gate \(index + 1)" }
}

/// One try at a job; its number counts the tries of that job in the execution, over all visits.
package struct AttemptID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let visit: Visit
    package let job: Job
    package let number: Int

    package init(_ visit: Visit, _ job: Job, _ number: Int) {
        self.visit = visit
        self.job = job
        self.number = number
    }

    package var description: String {
        switch job {
        case .action, .hook: "\(visit)/\(job.word)#\(number)"
        // Older records call it so.
        case .check(let side, let index): "\(visit)/\(side.rawValue)-\(index + 1)#\(number)"
        }
    }
}

/// What people are asked about: a gate, or an action that is an approval.
package enum ApprovalID: Hashable, Sendable, Codable, CustomStringConvertible {
    case gate(GateID)
    case attempt(AttemptID)

    // What the record calls values that have no label here.
    private enum GateCodingKeys: String, CodingKey {
        case _0 = "id"
    }
    private enum AttemptCodingKeys: String, CodingKey {
        case _0 = "id"
    }

    package var visit: Visit {
        switch self {
        case .gate(let gate): gate.visit
        case .attempt(let attempt): attempt.visit
        }
    }

    package var description: String {
        switch self {
        case .gate(let gate): gate.description
        case .attempt(let attempt): attempt.description
        }
    }
}

/// Whoever asks twice for the same thing says so by the same word, and gets the same answer.
package struct RequestID: Hashable, Sendable, Codable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
