package import Deployment
package import People
package import Pipelines

/// Something that is asked of the engine. What comes of it is events, or a refusal with its reason.
package enum Command: Hashable, Sendable {
    // the house
    case configure(RunnerName, places: Int)

    // people and secrets
    case people(PeopleCommand)

    // a pipeline
    case define(Definition)
    case remove(PipelineName)
    case close(PipelineName, StageName, reason: String)
    case open(PipelineName, StageName, reason: String)

    // an execution
    case see(Sighting)
    case start(Start)
    case stop(ExecutionID, StopMode, reason: String)
    case retry(ExecutionID, StageName, RetryScope)
    case rollBack(PipelineName, StageName, to: ExecutionID?)
    case skip(ExecutionID, StageName, reason: String)
    case answer(Answer)

    // an environment
    case environment(EnvironmentName, SiteCommand)
    /// To the release that was there before, if none is named. Where the one to be left is named,
    /// nothing happens if by now it is another: so nobody goes back twice who meant once.
    case putBack(
        EnvironmentName, to: ReleaseID?, by: Strategy?, leaving: ReleaseID? = nil)
    /// Into the first environment what is in the other; nothing if that is no longer the release
    /// that is named.
    case promote(EnvironmentName, from: EnvironmentName, release: ReleaseID? = nil)
    /// All that runs there ends.
    case clear(EnvironmentName)

    // what the hands have seen
    /// An action's turn to have its version deployed has come.
    case deploy(AttemptID)
    case started(AttemptID)
    case finished(AttemptID, AttemptResult)
    case window(GateID, isOpen: Bool)
    /// Time has passed.
    case look
}

/// What a watcher saw of a ref.
package struct Sighting: Hashable, Sendable {
    package let pipeline: PipelineName
    package let source: SourceName
    package let ref: String
    /// Nothing if the ref is gone.
    package let revision: Revision?
    /// Numbers the looks at this source; a word of an older look than the last changes nothing.
    package let reading: Int
    /// Why no execution starts, if none should: the path filter lets nothing through, say.
    package let note: String?

    package init(
        pipeline: PipelineName, source: SourceName, ref: String, revision: Revision?, reading: Int,
        note: String? = nil
    ) {
        self.pipeline = pipeline
        self.source = source
        self.ref = ref
        self.revision = revision
        self.reading = reading
        self.note = note
    }
}

/// A wish to start an execution.
package struct Start: Hashable, Sendable {
    package let pipeline: PipelineName
    package let cause: Cause
    /// A source that is not among them is taken as it was last seen.
    package let revisions: [Revision]
    package let variables: [VariableName: String]
    package let request: RequestID?

    package init(
        _ pipeline: PipelineName, cause: Cause = .person, revisions: [Revision] = [],
        variables: [VariableName: String] = [:], request: RequestID? = nil
    ) {
        self.pipeline = pipeline
        self.cause = cause
        self.revisions = revisions
        self.variables = variables
        self.request = request
    }
}

/// What a person says to a question.
package struct Answer: Hashable, Sendable {
    package let approval: ApprovalID
    package let verdict: Verdict
    package let comment: String
    /// The digest of what they were shown.
    package let subject: String

    package init(_ approval: ApprovalID, _ verdict: Verdict, comment: String = "", subject: String)
    {
        self.approval = approval
        self.verdict = verdict
        self.comment = comment
        self.subject = subject
    }
}

/// Why something is not done: what is in the way, and what whoever asked can do.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case unknown, conflict, forbidden, invalid, limit, defect
    }

    package let kind: Kind
    package let problem: String
    package let hint: String

    package init(_ kind: Kind, _ problem: String, hint: String) {
        self.kind = kind
        self.problem = problem
        self.hint = hint
    }

    package var description: String { "\(problem); \(hint)" }
}

/// What a command comes to.
package struct Decided: Hashable, Sendable {
    /// In order; empty if everything is already as it was asked to be.
    package let records: [Record]
    /// The execution that was started, or had been by the same request.
    package let execution: ExecutionID?
}
