/// Writes a log's index: a time for each tenth of a second in which something was printed, and for
/// each 64 KiB where there is much. It is written out ten times a second at most.
struct LogIndexWriter: ~Copyable {
    static let spacing = 100
    static let stretch = 64 << 10

    /// What is kept for a disk that is full.
    private static let mostWaiting = 1 << 20

    private let file: LogFile
    private let waitsForRoom: Bool
    private var last: LogEntry?
    private var waiting: [UInt8] = []
    private var writtenAt = -spacing
    /// After a failure nothing more is written: what follows a torn entry cannot be read.
    private(set) var failure: LogError?

    init(_ file: consuming LogFile, waitsForRoom: Bool) {
        self.file = file
        self.waitsForRoom = waitsForRoom
        waiting.reserveCapacity(256 * LogEntry.size)
    }

    /// What stands from `offset` on was printed at this time.
    mutating func printed(from offset: Int, at milliseconds: Int) {
        if let last {
            guard
                milliseconds - last.milliseconds >= Self.spacing
                    || offset - last.offset >= Self.stretch
            else {
                return
            }
        }
        add(LogEntry(.time, offset: offset, milliseconds: milliseconds))
        if milliseconds - writtenAt >= Self.spacing || waiting.count >= 255 * LogEntry.size {
            write(at: milliseconds)
        }
    }

    /// Marks are what people look for, so they are written at once.
    mutating func mark(_ kind: LogEntry.Kind, offset: Int, at milliseconds: Int, value: Int = 0) {
        add(LogEntry(kind, offset: offset, milliseconds: milliseconds, value: value))
        write(at: milliseconds)
    }

    mutating func sync() throws(LogError) {
        write(at: writtenAt)
        try file.sync()
    }

    private mutating func add(_ entry: LogEntry) {
        // Whoever reads it searches, so no time may be before the one before it.
        let time = max(entry.milliseconds, last?.milliseconds ?? 0)
        let entry = LogEntry(
            entry.kind, offset: entry.offset, milliseconds: time, value: entry.value)
        entry.write(to: &waiting)
        last = entry
    }

    /// Writes what it has kept for a full disk, or fails.
    mutating func giveUp() {
        if failure == nil { failure = file.write(waiting.span).failure }
        waiting.removeAll(keepingCapacity: true)
    }

    private mutating func write(at milliseconds: Int) {
        writtenAt = milliseconds
        guard failure == nil else { return waiting.removeAll(keepingCapacity: true) }
        let done = file.write(waiting.span)
        if waitsForRoom, done.failure?.kind == .full, waiting.count < Self.mostWaiting {
            // The rest goes on exactly where this ended, so that no entry stays torn.
            waiting.removeFirst(done.count)
            return
        }
        failure = done.failure
        waiting.removeAll(keepingCapacity: true)
    }
}
