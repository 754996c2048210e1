package import YAML

/// What a person wrote: a pipeline, read and checked. An execution keeps the one that it was born
/// with.
package struct Definition: Sendable {
    package let name: PipelineName
    package let about: String?
    package let mode: ExecutionMode
    package let priority: Priority
    package let variables: [Variable]
    package let sources: [Source]
    package let triggers: [Trigger]
    package let stages: [Stage]
    package let environments: [Environment]

    /// The text that all of the above was read from. It is what the record keeps: reading it again
    /// gives this value again, so a definition has no second form that could drift from the first.
    package let text: String

    package init(
        name: PipelineName, about: String?, mode: ExecutionMode, priority: Priority,
        variables: [Variable], sources: [Source], triggers: [Trigger], stages: [Stage],
        environments: [Environment] = [], text: String
    ) {
        self.name = name
        self.about = about
        self.mode = mode
        self.priority = priority
        self.variables = variables
        self.sources = sources
        self.triggers = triggers
        self.stages = stages
        self.environments = environments
        self.text = text
    }
}

/// Two definitions are the same if they were read from the same text.
extension Definition: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.text == right.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// How executions of one pipeline meet.
package enum ExecutionMode: String, Sendable, Codable, CaseIterable {
    /// Of the executions that wait before a stage only the newest remains.
    case superseded
    /// First in, first out: every execution runs, none overtakes.
    case queued
    /// Executions do not wait for one another.
    case parallel
}

/// How many places an action moves up in the queue for a runner.
package enum Priority: String, Sendable, Codable, CaseIterable {
    case low, normal, high, urgent
}

/// A value that is chosen when an execution starts: `#{variables.NAME}`.
package struct Variable: Sendable, Hashable {
    package let name: VariableName
    /// Without one, whoever starts an execution has to give a value.
    package let standard: String?
    package let about: String?
    /// The values allowed; empty if any is.
    package let choices: [String]

    package init(name: VariableName, standard: String?, about: String?, choices: [String]) {
        self.name = name
        self.standard = standard
        self.about = about
        self.choices = choices
    }
}

/// What starts an execution besides a new revision and a person.
package enum Trigger: Sendable, Hashable {
    case schedule(Schedule, zone: String, missed: MissedSchedule)
    case pipeline(PipelineName)
}

/// What becomes of the times that passed while nobody was there to act on them.
package enum MissedSchedule: String, Sendable, CaseIterable {
    case skip, once
}

/// What an execution enters as a whole.
package struct Stage: Sendable {
    package let written: Located<StageName>
    package let about: String?
    /// The door into this stage starts closed, for this reason.
    package let closed: String?
    /// Opened one after the other before the stage is entered; the stage is not held meanwhile.
    package let before: [Gate]
    package let actions: [Action]
    /// For each action the places of those that have to succeed before it.
    package let predecessors: [[Int]]
    /// Judged one after the other when every action has succeeded, while the stage is still held.
    package let onSuccess: [Gate]
    package let onFailure: FailurePolicy
    package let onFailurePlace: Place

    package init(
        name: Located<StageName>, about: String?, closed: String?, before: [Gate],
        actions: [Action], onSuccess: [Gate], onFailure: FailurePolicy, onFailurePlace: Place
    ) {
        written = name
        self.onFailurePlace = onFailurePlace
        self.about = about
        self.closed = closed
        self.before = before
        self.actions = actions
        let places = Dictionary(zip(actions.map(\.name), actions.indices)) { first, _ in first }
        predecessors = actions.map { action in action.after.compactMap { places[$0] } }
        self.onSuccess = onSuccess
        self.onFailure = onFailure
    }
}

extension Stage {
    package var name: StageName { written.value }
}

/// What happens when a stage has failed.
package struct FailurePolicy: Sendable, Hashable {
    /// The stage is tried again by itself this often before `then` holds.
    package let retries: Int
    package let retryScope: RetryScope
    package let then: FailureEnd

    package init(retries: Int = 0, retryScope: RetryScope = .failed, then: FailureEnd = .fail) {
        self.retries = retries
        self.retryScope = retryScope
        self.then = then
    }
}

package enum FailureEnd: String, Sendable, CaseIterable {
    case fail
    case rollBack = "roll-back"
    case skip
}

/// What a retry of a stage repeats.
package enum RetryScope: String, Sendable, Codable, CaseIterable {
    case failed, all
}
