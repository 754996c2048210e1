package import Pipelines

/// One trip of one set of revisions through a pipeline.
package struct Execution: Hashable, Sendable, Codable {
    package let id: ExecutionID
    /// The version of the definition that it was born with and keeps.
    package let version: Int
    package let cause: Cause
    package let startedBy: Who
    package let revisions: [Revision]
    package let variables: [VariableName: String]

    /// Where it is: the last stage that it reached.
    package internal(set) var passage: Passage?
    /// Artifacts and variables that its actions made, in the order they came.
    package internal(set) var artifacts: [Artifact] = []
    package internal(set) var outputs: [String: [VariableName: String]] = [:]
    package internal(set) var visits: [StageName: Int] = [:]
    package internal(set) var stopping: Stopping?
    package internal(set) var end: End?

    package struct Stopping: Hashable, Sendable, Codable {
        package let mode: StopMode
        package let reason: String
    }

    package struct End: Hashable, Sendable, Codable {
        package let outcome: Outcome
        package let reason: String
    }

    package var isFinished: Bool { end != nil }

    /// Runs one stage with what an earlier execution brought there, and nothing else.
    package var isRollback: Bool {
        if case .rollBack = cause { true } else { false }
    }

    /// Runs one stage with what an earlier execution has made, with all its gates. It waits for
    /// nobody who comes to the stage with something else, and takes nobody's place.
    package var isPromotion: Bool {
        if case .promotion = cause { true } else { false }
    }

    /// The one stage that it runs, if it does not run all from the first.
    var onlyStage: StageName? {
        switch cause {
        case .rollBack(_, let stage, _), .promotion(_, let stage, _): stage
        case .person, .revision, .schedule, .pipeline: nil
        }
    }

    package func holds(_ stage: StageName) -> Bool {
        guard let passage, passage.visit.stage == stage else { return false }
        return passage.isInside
    }

    package func waits(before stage: StageName) -> Bool {
        guard !isFinished, let passage, passage.visit.stage == stage else { return false }
        return passage.phase == .waiting
    }
}
