package import Deployment
package import People
package import Pipelines

/// Something that happened. A state is what its events say it is, and nothing else is remembered.
///
/// How each case is written on the record is fixed for good: `Tests/EngineTests/Golden` holds a
/// line of each, and old records must stay readable.
package enum Event: Hashable, Sendable, Codable {
    // the house
    case runnerConfigured(runner: RunnerName, places: Int)

    // people and secrets
    case people(PeopleEvent)

    // a pipeline
    case pipelineDefined(definition: Definition, version: Int)
    case pipelineRemoved(pipeline: PipelineName)
    case transitionClosed(pipeline: PipelineName, stage: StageName, reason: String)
    case transitionOpened(pipeline: PipelineName, stage: StageName, reason: String)
    /// A ref of a source was seen at a revision, or gone. `reading` numbers the looks, so that a
    /// late word of an old look is known as such; `note` says why nothing starts, where nothing
    /// does.
    case sourceSeen(
        pipeline: PipelineName, source: SourceName, ref: String, revision: Revision?, reading: Int,
        note: String?)

    // an execution
    case executionCreated(
        execution: ExecutionID, version: Int, cause: Cause, revisions: [Revision],
        variables: [VariableName: String], request: RequestID?)
    case stageReached(visit: Visit)
    case stageEntered(visit: Visit)
    case stageRetried(visit: Visit, scope: RetryScope, automatic: Bool)
    case stageSkipped(visit: Visit, reason: String)
    case stageJudging(visit: Visit)
    case stageLeft(visit: Visit, succeeded: Bool)
    case stopRequested(execution: ExecutionID, mode: StopMode, reason: String)
    case executionSuperseded(execution: ExecutionID, by: ExecutionID)
    case executionFinished(execution: ExecutionID, outcome: Outcome, reason: String)

    // a gate
    case gateReached(gate: GateID, deadline: Steady?)
    case windowChanged(gate: GateID, open: Bool)
    case gateOpened(gate: GateID, reason: String)
    case gateRefused(gate: GateID, failure: GateFailure)

    // the word of people
    case approvalAsked(approval: ApprovalID, subject: String, deadline: Steady)
    case approvalVoted(approval: ApprovalID, verdict: Verdict, comment: String, subject: String)
    /// What had been approved has changed: the votes given so far are void, the question stands
    /// anew.
    case approvalVoided(approval: ApprovalID, subject: String)

    // an attempt
    case attemptQueued(attempt: AttemptID, cause: AttemptCause)
    case attemptAdmitted(attempt: AttemptID)
    case attemptStarted(attempt: AttemptID)
    case attemptFinished(attempt: AttemptID, result: AttemptResult)
    case retryScheduled(attempt: AttemptID, at: Steady)

    // an environment
    /// `pipeline` is the one that deploys there; `attempt` is the action that asked for a
    /// deployment, where one did.
    case environment(
        name: EnvironmentName, pipeline: PipelineName, event: SiteEvent, attempt: AttemptID?)
    /// Nothing is wanted there any more, and what was there is forgotten.
    case environmentRemoved(name: EnvironmentName, pipeline: PipelineName)

    // What the record calls values that have no label here.
    private enum PeopleCodingKeys: String, CodingKey {
        case _0 = "event"
    }
}
