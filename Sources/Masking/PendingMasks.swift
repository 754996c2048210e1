/// The masks of a text whose end is not known yet, and how far it has been given out. Places are
/// counted from the beginning of the chunk at hand; what came before it is below 0.
struct PendingMasks: Sendable {
    private var ranges: [Range<Int>] = []
    private(set) var given = 0

    /// What overlaps becomes one mask. Needles come in the order of their ends.
    mutating func add(_ needle: Range<Int>) {
        var start = needle.lowerBound
        while let last = ranges.last, last.upperBound > needle.lowerBound {
            start = min(start, last.lowerBound)
            ranges.removeLast()
        }
        if start < given {
            // Overlaps a mask that has been given out. Clean bytes are not: no needle begins
            // before a place that was said to be safe.
            given = needle.upperBound
        } else {
            ranges.append(start..<needle.upperBound)
        }
    }

    /// Gives out what stands before `safe`, where all needles that begin have been found. A mask
    /// that begins there is given out whole.
    mutating func give(
        before safe: Int, held: Span<UInt8>, _ chunk: Span<UInt8>, to sink: (Span<UInt8>) -> Void
    ) {
        var settled = 0
        while settled < ranges.count, ranges[settled].lowerBound < safe {
            giveClean(upTo: ranges[settled].lowerBound, held, chunk, sink)
            sink(Self.mask.span)
            given = ranges[settled].upperBound
            settled += 1
        }
        ranges.removeFirst(settled)
        giveClean(upTo: safe, held, chunk, sink)
    }

    /// Goes on to the next chunk.
    mutating func advance(by count: Int) {
        given -= count
        for index in ranges.indices {
            ranges[index] = ranges[index].lowerBound - count..<ranges[index].upperBound - count
        }
    }

    private static let mask = Array("***".utf8)

    private mutating func giveClean(
        upTo end: Int, _ held: Span<UInt8>, _ chunk: Span<UInt8>, _ sink: (Span<UInt8>) -> Void
    ) {
        guard given < end else { return }
        if given < 0 {
            sink(held.extracting(held.count + given..<held.count + min(end, 0)))
        }
        if end > 0 { sink(chunk.extracting(max(given, 0)..<end)) }
        given = end
    }
}
