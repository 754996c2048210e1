package import YAML

/// One unit of a stage's work.
package struct Action: Sendable {
    package let place: Place
    package let name: ActionName
    /// What variables call it: `#{NAMESPACE.output}`. The action's name unless the author chose
    /// another.
    package let namespace: String
    package let about: String?
    package let written: [Located<ActionName>]
    package let retry: RetryPolicy
    /// After this long the action is stopped and counts as timed out.
    package let time: Duration?
    package let work: any ActionKind

    package init(
        name: Located<ActionName>, namespace: String, about: String?,
        written: [Located<ActionName>],
        retry: RetryPolicy, time: Duration?, work: any ActionKind
    ) {
        place = name.place
        self.name = name.value
        self.namespace = namespace
        self.about = about
        self.written = written
        self.retry = retry
        self.time = time
        self.work = work
    }
}

extension Action {
    /// The actions of the same stage that have to succeed first.
    package var after: [ActionName] { written.map(\.value) }
}

/// When a failed attempt is repeated by itself.
package struct RetryPolicy: Sendable, Hashable {
    /// How often at most, whatever the causes.
    package let times: Int
    package let causes: Set<RetryCause>
    package let delay: Duration
    /// What each further delay is multiplied with.
    package let backOff: Int
    package let maximumDelay: Duration

    package init(
        times: Int, causes: Set<RetryCause>, delay: Duration = .seconds(1), backOff: Int = 2,
        maximumDelay: Duration = .seconds(300)
    ) {
        self.times = times
        self.causes = causes
        self.delay = delay
        self.backOff = backOff
        self.maximumDelay = maximumDelay
    }

    /// Without a word from the author only what was no fault of the action is repeated.
    package static let standard = RetryPolicy(times: 2, causes: [.lost])
    package static let never = RetryPolicy(times: 0, causes: [])
}

/// Why an attempt came to nothing, as far as a retry distinguishes it.
package enum RetryCause: String, Sendable, Codable, CaseIterable {
    /// The command ended with a code or a signal that says so.
    case failed
    case timedOut = "timed-out"
    case outOfMemory = "out-of-memory"
    /// Another limit: processes, disk, output.
    case overLimit = "over-limit"
    /// The machine or the supervisor went away in the middle.
    case lost
    /// The sandbox could not be made.
    case couldNotStart = "could-not-start"
}
