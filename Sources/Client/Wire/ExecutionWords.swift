// What the server tells of executions.

/// How far something has come, whatever the server calls it.
package enum Condition: Hashable, Sendable {
    case ahead, waiting, active, succeeded, failed, stopped
    /// A word of a later server's.
    case other

    package init(_ status: String) {
        self =
            switch status {
            case "ahead": .ahead
            case "created", "waiting", "queued", "admitted", "asking", "backing-off", "asked":
                .waiting
            case "running", "judging", "stopping": .active
            case "succeeded", "approved": .succeeded
            case "failed", "refused": .failed
            case "stopped", "superseded", "cancelled", "skipped": .stopped
            default: .other
            }
    }

    package var isOver: Bool {
        switch self {
        case .succeeded, .failed, .stopped: true
        case .ahead, .waiting, .active, .other: false
        }
    }
}

package struct ExecutionSummary: Decodable, Sendable {
    /// As people write it: `shop/42`.
    package let execution: String
    package let status: String
    package let stage: String?
    package let reason: String
    package let by: String
    package let commits: [String: String]
    package let created: Instant?
    package let finished: Instant?
}

package struct RevisionWords: Decodable, Hashable, Sendable {
    package let source: String
    package let ref: String
    /// One of both.
    package let commit: String?
    package let image: String?
    package let message: String
}

package struct ExecutionDetail: Decodable, Hashable, Sendable {
    package struct Stage: Decodable, Hashable, Sendable {
        package let name: String
        package let status: String
        package let visits: Int
        package let actions: [Action]

        package var condition: Condition { Condition(status) }
    }

    package struct Action: Decodable, Hashable, Sendable {
        package let name: String
        package let status: String
        package let attempts: [AttemptWords]

        package var condition: Condition { Condition(status) }
    }

    package let execution: String
    package let status: String
    package let reason: String
    package let cause: String
    package let by: String
    package let created: Instant?
    package let finished: Instant?
    package let revisions: [RevisionWords]
    package let stages: [Stage]
    package let waiting: [ReasonWords]

    package var condition: Condition { Condition(status) }
}

/// One attempt at an action, or at the check of a gate.
package struct AttemptWords: Decodable, Hashable, Sendable {
    package let stage: String
    package let visit: Int
    package let job: String
    package let attempt: Int
    package let status: String
    package let reason: String
    package let started: Instant?
    package let finished: Instant?

    package var condition: Condition { Condition(status) }
    package var name: String { "\(stage)/\(job)" }
    /// The number only where it is not the first.
    package var title: String { attempt == 1 ? name : "\(name) (attempt \(attempt))" }
}

/// What came of a wish.
package struct DoneWords: Decodable, Sendable {
    /// The execution that was started, if one was.
    package let execution: String?
}

extension ExecutionDetail {
    /// In one sentence what it waits for and since when, or how it ended.
    package func why(now: Instant) -> String {
        if condition.isOver {
            let reason = reason.isEmpty ? "" : ": \(reason.firstLine)"
            return "\(execution) waits for nothing: it has ended, \(status)\(reason)"
        }
        guard !waiting.isEmpty else { return "\(execution) waits for nothing: it is under way" }
        let waits = waiting.map { wait in
            let subject = wait.subject == execution ? "" : "\(wait.subject): "
            return subject + wait.sentence(now: now)
        }
        let verb = waiting.allSatisfy(\.isUsual) ? "is under way" : "waits"
        return "\(execution) \(verb): " + waits.joined(separator: "; and ")
    }
}

extension ReasonWords {
    fileprivate func sentence(now: Instant) -> String {
        let since = since.map { " (\(Ago.lasting(since: $0, now: now)))" } ?? ""
        let end = deadline.map { " (\(Ago.text($0, now: now)))" } ?? ""
        return "\(waitsFor)\(since), until \(endsWhen)\(end)"
    }
}
