/// An event with its place in the log, when it was decided and by whom.
package struct Record: Hashable, Sendable, Codable {
    /// Counts from 1 without a gap.
    package let sequence: Int
    package let at: Moment
    package let by: Who
    package let event: Event

    package init(sequence: Int, at: Moment, by: Who, event: Event) {
        self.sequence = sequence
        self.at = at
        self.by = by
        self.event = event
    }
}
