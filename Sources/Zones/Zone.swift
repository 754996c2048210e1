/// A time zone by its rules, as the machine's tzdata has them (TZif, RFC 8536): how far its clocks
/// are ahead of UTC at any time.
///
/// It is made from bytes, so it reads no file and no setting of the process.
package struct Zone: Hashable, Sendable {
    package static let utc = Zone(changes: [], first: 0, rule: nil)

    struct Change: Hashable {
        /// Seconds since 1970.
        let at: Int
        /// Seconds ahead of UTC from then on.
        let offset: Int
    }

    private let changes: [Change]
    private let first: Int
    /// What holds after the last change of the table.
    private let rule: YearlyRule?

    init(changes: [Change], first: Int, rule: YearlyRule?) {
        self.changes = changes
        self.first = first
        self.rule = rule
    }

    /// Nothing if the bytes are no table of a time zone.
    package init?(parsing bytes: [UInt8]) {
        guard let table = ZoneTable(bytes) else { return nil }
        changes = table.changes
        first = table.first
        rule = table.footer.isEmpty ? nil : YearlyRule(parsing: table.footer)
    }

    /// Seconds ahead of UTC at a time, in seconds since 1970.
    package func offset(at time: Int) -> Int {
        guard let last = changes.last, time >= changes[0].at else {
            return changes.isEmpty ? rule?.offset(at: time) ?? first : first
        }
        if time >= last.at { return rule?.offset(at: time) ?? last.offset }
        var low = 0
        var high = changes.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if changes[middle].at <= time { low = middle } else { high = middle - 1 }
        }
        return changes[low].offset
    }

    /// What the clocks on the wall show there at a time.
    package func civil(at time: Int) -> Civil { Civil(seconds: time + offset(at: time)) }

    /// The times at which clocks show this: one as a rule, two when they are set back over it, none
    /// when they are set forward past it.
    package func times(showing civil: Civil) -> [Int] {
        // No zone is a day away from UTC, and no two of its offsets near to each other are.
        let near = [-86_400, 86_400].map { offset(at: civil.seconds + $0) }
        return Set(near).map { civil.seconds - $0 }.filter { self.civil(at: $0) == civil }.sorted()
    }
}
