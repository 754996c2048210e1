package import Pipelines

/// A tree of files by the digest of its content.
package struct Artifact: Hashable, Sendable, Codable {
    package let name: ArtifactName
    package let digest: String

    package init(name: ArtifactName, digest: String) {
        self.name = name
        self.digest = digest
    }
}

/// What started an execution.
package enum Cause: Hashable, Sendable, Codable {
    case person
    case revision(SourceName)
    case schedule(String)
    case pipeline(ExecutionID)
    case rollBack(to: ExecutionID, stage: StageName, automatic: Bool)
    /// Somebody wants in one environment just what an earlier execution has brought to another.
    case promotion(of: ExecutionID, stage: StageName, version: String)

    // What the record calls values that have no label here.
    private enum RevisionCodingKeys: String, CodingKey {
        case _0 = "of"
    }
    private enum ScheduleCodingKeys: String, CodingKey {
        case _0 = "name"
    }
    private enum PipelineCodingKeys: String, CodingKey {
        case _0 = "after"
    }
}

/// How an attempt ended.
package enum AttemptEnd: Hashable, Sendable, Codable {
    case succeeded
    /// With the reason in words for people.
    case failed(RetryCause, String)
    /// Because somebody stopped it.
    case stopped

    // What the record calls values that have no label here.
    private enum FailedCodingKeys: String, CodingKey {
        case _0 = "cause", _1 = "reason"
    }
}

/// What an attempt brought home.
package struct AttemptResult: Hashable, Sendable, Codable {
    package let end: AttemptEnd
    package let artifacts: [Artifact]
    package let variables: [VariableName: String]

    package init(
        end: AttemptEnd, artifacts: [Artifact] = [], variables: [VariableName: String] = [:]
    ) {
        self.end = end
        self.artifacts = artifacts
        self.variables = variables
    }
}

/// Why an attempt was made.
package enum AttemptCause: Hashable, Sendable, Codable {
    case first
    /// By the action's own retry policy, after an attempt that ended for this reason.
    case retry(after: RetryCause)
    /// By a person or by the stage's policy, which repeated the stage.
    case stageRetry
}

/// What a person says of what they were shown.
package enum Verdict: String, Sendable, Codable, CaseIterable {
    case approve, reject
}

package enum StopMode: String, Sendable, Codable, CaseIterable {
    /// What runs may end; nothing new starts.
    case wait
    /// What runs is killed, and nobody waits for it.
    case abandon
}

/// How an execution ended.
package enum Outcome: String, Sendable, Codable, CaseIterable {
    case succeeded, failed, stopped, superseded
    /// Its pipeline was deleted.
    case cancelled
}

/// Why a gate did not open.
package enum GateFailure: Hashable, Sendable, Codable {
    case rejected(by: String, reason: String)
    case timedOut
    case checkFailed(String)
    case mismatch(String)

    // What the record calls values that have no label here.
    private enum CheckFailedCodingKeys: String, CodingKey {
        case _0 = "reason"
    }
    private enum MismatchCodingKeys: String, CodingKey {
        case _0 = "reason"
    }
}
