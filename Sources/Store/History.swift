/// What has been, for people to look at: read from the derived tables, beside whoever writes them.
/// Whoever asks often keeps an `Archive` open.
package enum History {
    package struct Execution: Hashable, Sendable {
        package let pipeline: String
        package let number: Int
        package let version: Int
        package let cause: String
        /// The last stage that it reached.
        package let stage: String?
        package let status: String
        package let reason: String
        /// `source=commit`, of each source.
        package let revisions: String
        package let createdAt: Int
        package let createdBy: String
        package let finishedAt: Int?
    }

    package struct Attempt: Hashable, Sendable {
        package let stage: String
        package let visit: Int
        package let job: String
        package let number: Int
        package let status: String
        package let cause: String
        package let reason: String
        package let queuedAt: Int
        package let startedAt: Int?
        package let finishedAt: Int?
    }

    /// A question to people, and what became of it.
    package struct Approval: Hashable, Sendable {
        package let name: String
        package let stage: String
        package let status: String
        /// `ada approves, bob rejects`
        package let votes: String
        package let askedAt: Int
        package let settledAt: Int?
    }

    /// The newest first.
    package static func executions(
        in home: String, of pipeline: String?, limit: Int
    ) throws(StoreError) -> [Execution] {
        let archive = try Archive.open(home)
        guard let pipeline else { return try archive.executions(limit: limit) }
        return try archive.executions(of: pipeline, limit: limit)
    }

    package static func execution(
        _ number: Int, of pipeline: String, in home: String
    ) throws(StoreError) -> Execution? {
        try Archive.open(home).execution(number, of: pipeline)
    }

    /// In the order they were begun.
    package static func attempts(
        of pipeline: String, _ number: Int, in home: String
    ) throws(StoreError) -> [Attempt] {
        try Archive.open(home).attempts(of: pipeline, number, limit: .max)
    }
}
