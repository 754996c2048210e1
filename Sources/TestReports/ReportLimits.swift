/// How much of a report is believed. Reports are written by whatever an action ran.
package enum ReportLimits {
    /// Of one file.
    package static let fileBytes = 64 << 20
    /// Of all files of one attempt: reading more would keep others waiting.
    package static let totalBytes = 1 << 30
    /// Files of one attempt.
    package static let files = 10_000
    /// Tests of one attempt. More are not counted, and that is said.
    package static let cases = 200_000
    /// What is kept of one attempt's tests. Those beyond it are counted, and not kept.
    package static let keptBytes = 32 << 20

    /// Elements inside one another.
    static let depth = 64
    /// Attributes of one element that are looked at.
    static let attributes = 64
    /// One tag or comment: the parser holds it whole.
    static let tagBytes = 4 << 20
    static let nameBytes = 1 << 10
    static let messageBytes = 4 << 10
    static let detailBytes = 16 << 10
    /// The most that a report can say of how often it ran a test again.
    static let failedRuns = 1_000
    /// Sentences for people in one record, and failures in its summary.
    static let sentences = 20
    package static let shownFailures = 5
}
