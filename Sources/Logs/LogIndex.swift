/// Where each moment and each step of a log begins.
package struct LogIndex: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package let index: Int
        package let offset: Int
        package let milliseconds: Int
        /// Nothing as long as it runs, or if it was cut off.
        package var end: End?
    }

    package struct End: Hashable, Sendable {
        package let offset: Int
        package let milliseconds: Int
        package let code: Int
    }

    private var entries: [LogEntry] = []
    package private(set) var steps: [Step] = []
    /// Whether its writer came to its end. Where it did not, the log may still grow, or its writer
    /// is dead.
    package private(set) var isClosed = false

    package init() {}

    /// The time at which what stands at an offset was printed, to about a tenth of a second.
    /// Nothing where nothing is known.
    package func milliseconds(at offset: Int) -> Int? {
        let next = firstEntry { $0.offset > offset }
        return next == 0 ? nil : entries[next - 1].milliseconds
    }

    /// The offset from which on it was printed at that time or later; up to a tenth of a second
    /// earlier, so that nothing is missed.
    package func offset(at milliseconds: Int) -> Int {
        let next = firstEntry { $0.milliseconds >= milliseconds }
        if next < entries.count, entries[next].milliseconds == milliseconds {
            return entries[next].offset
        }
        return next == 0 ? 0 : entries[next - 1].offset
    }

    /// False if this cannot follow what is there.
    mutating func add(_ entry: LogEntry) -> Bool {
        if let last = entries.last {
            guard entry.offset >= last.offset, entry.milliseconds >= last.milliseconds else {
                return false
            }
        }
        entries.append(entry)
        switch entry.kind {
        case .time: break
        case .stepBegan:
            steps.append(
                Step(index: entry.value, offset: entry.offset, milliseconds: entry.milliseconds))
        case .stepEnded:
            guard let last = steps.indices.last, steps[last].end == nil else { break }
            steps[last].end = End(
                offset: entry.offset, milliseconds: entry.milliseconds, code: entry.value)
        case .closed: isClosed = true
        }
        return true
    }

    /// The place of the first one that `isBeyond`, as all after it are.
    private func firstEntry(_ isBeyond: (LogEntry) -> Bool) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(entries[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
