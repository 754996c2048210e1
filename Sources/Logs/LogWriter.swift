import Glibc

/// Writes a log: what it is given, up to a limit, and beside it an index of times and steps.
///
/// What is in the file is at every moment the beginning of what was printed. Where something had
/// to be left out, because of the limit or because the disk refused, all that follows is left out
/// too, is counted, and a line at the end says so.
///
/// Who can wait where a disk is full says so at the beginning: then what it refused is kept, and
/// the caller appends nothing and flushes again until `isWaiting` is over or it gives up.
///
/// The loop that uses it is shown at `Masker`. Appending does not fail; what the disk refused is
/// thrown once, by the next call that may throw, and the caller decides whether to go on.
package struct LogWriter: ~Copyable {
    /// Pieces below this are gathered; others go to the file as they are.
    private static let small = 16 << 10
    private static let gathering = 64 << 10

    private let file: LogFile
    private var index: LogIndexWriter
    private let limit: LogLimit?
    private let waitsForRoom: Bool
    private var gathered: [UInt8] = []
    /// What a full disk has refused, for when there is room again, and how it has said so.
    private var refused: [UInt8] = []
    private var refusal: LogError?
    private var failure: LogError?
    private var hasThrown = (log: false, index: false)
    private var endsInLine = true
    /// Where what was appended since the last flush begins.
    private var unflushed = 0

    /// Bytes in the file.
    private var written = 0
    /// Bytes of the output that the log does not have.
    package private(set) var dropped = 0
    /// Bytes of the output that the log has, or will have with the next flush.
    package var kept: Int { written + refused.count + gathered.count }
    /// The disk is full, and what it refused is kept here.
    package var isWaiting: Bool { refusal != nil }

    /// Begins a log, which must not be there yet. Without a limit in bytes it may fill the disk.
    package static func create(
        _ place: LogPlace, limit: Int?, waitsForRoom: Bool = false
    ) throws(LogError) -> LogWriter {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND
        let file = try LogFile.open(place.plain, flags, to: "create")
        return LogWriter(
            file, index: try LogFile.open(place.index, flags, to: "create"), limit: limit,
            waitsForRoom: waitsForRoom)
    }

    /// Takes over descriptors of two empty files. They are closed with the log.
    package static func adopting(
        log: Int32, index: Int32, at place: LogPlace, limit: Int?
    ) -> LogWriter {
        LogWriter(
            LogFile(adopting: log, path: place.plain),
            index: LogFile(adopting: index, path: place.index), limit: limit, waitsForRoom: false)
    }

    private init(
        _ file: consuming LogFile, index: consuming LogFile, limit: Int?, waitsForRoom: Bool
    ) {
        self.file = file
        self.index = LogIndexWriter(index, waitsForRoom: waitsForRoom)
        self.waitsForRoom = waitsForRoom
        self.limit = limit.map(LogLimit.init)
        gathered.reserveCapacity(Self.gathering)
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        let room = max(0, (limit?.bytes ?? .max) - kept)
        let taken = failure == nil ? min(bytes.count, room) : 0
        dropped += bytes.count - taken
        guard taken > 0 else { return }
        let bytes = bytes.extracting(first: taken)
        if taken >= Self.small {
            writeGathered()
            write(bytes)
        } else {
            if gathered.count + taken > Self.gathering { writeGathered() }
            unsafe bytes.withUnsafeBufferPointer { unsafe gathered.append(contentsOf: $0) }
        }
    }

    /// Lets readers see what was appended. It is said to have been printed at this time, counted
    /// from the start of the log.
    package mutating func flush(at milliseconds: Int) throws(LogError) {
        flushQuietly(at: milliseconds)
        try throwOnce()
    }

    /// What follows belongs to this step.
    package mutating func beginStep(_ step: Int, at milliseconds: Int) throws(LogError) {
        flushQuietly(at: milliseconds)
        index.mark(.stepBegan, offset: written, at: milliseconds, value: step)
        try throwOnce()
    }

    /// The step that began last is over.
    package mutating func endStep(code: Int, at milliseconds: Int) throws(LogError) {
        flushQuietly(at: milliseconds)
        index.mark(.stepEnded, offset: written, at: milliseconds, value: code)
        try throwOnce()
    }

    /// There was no room for too long, or there should be some for others: what was kept for it is
    /// left out, and all that follows.
    package mutating func giveUp(because reason: LogError? = nil) {
        failure = failure ?? reason ?? refusal
        dropped += refused.count
        refused = []
        refusal = nil
        index.giveUp()
    }

    /// Returns when what was flushed is safe from a power cut.
    package mutating func sync() throws(LogError) {
        try file.sync()
        try index.sync()
        try throwOnce()
    }

    /// Ends the log, with a line about what it lacks. What is returned also has the first failure
    /// there was, thrown before or not.
    package consuming func close(at milliseconds: Int, durably: Bool = false) -> LogTotals {
        flushQuietly(at: milliseconds)
        if isWaiting { giveUp() }
        let kept = written
        if dropped > 0 { writeMarker() }
        index.mark(.closed, offset: written, at: milliseconds)
        index.giveUp()
        if durably {
            do throws(LogError) {
                try file.sync()
                try index.sync()
            } catch { failure = failure ?? error }
        }
        return LogTotals(kept: kept, dropped: dropped, failure: failure ?? index.failure)
    }

    private mutating func flushQuietly(at milliseconds: Int) {
        let begin = unflushed
        tryAgain()
        writeGathered()
        unflushed = written
        if written > begin { index.printed(from: begin, at: milliseconds) }
    }

    private mutating func throwOnce() throws(LogError) {
        if let failure, !hasThrown.log {
            hasThrown.log = true
            throw failure
        }
        if let failure = index.failure, !hasThrown.index {
            hasThrown.index = true
            throw failure
        }
    }

    private mutating func writeGathered() {
        guard !gathered.isEmpty else { return }
        // Taken out, so that `kept` counts each byte once, and put back with its memory.
        var bytes: [UInt8] = []
        swap(&bytes, &gathered)
        write(bytes.span)
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &gathered)
    }

    private mutating func write(_ bytes: Span<UInt8>) {
        guard failure == nil else {
            dropped += bytes.count
            return
        }
        if isWaiting { return keep(bytes) }
        let done = file.write(bytes)
        written += done.count
        if done.count > 0 { endsInLine = bytes[done.count - 1] == UInt8(ascii: "\n") }
        if waitsForRoom, let refusal = done.failure, refusal.kind == .full {
            self.refusal = refusal
            return keep(bytes.extracting(droppingFirst: done.count))
        }
        dropped += bytes.count - done.count
        failure = done.failure
    }

    private mutating func keep(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe refused.append(contentsOf: $0) }
    }

    /// Writes what was refused, in case there is room by now.
    private mutating func tryAgain() {
        guard isWaiting else { return }
        var bytes: [UInt8] = []
        swap(&bytes, &refused)
        refusal = nil
        write(bytes.span)
    }

    /// The whole line or nothing: a torn one would look like output.
    private mutating func writeMarker() {
        let reason = failure?.problem ?? limit.map { "the limit is \($0)" } ?? "it has no room"
        let count = dropped == 1 ? "1 byte more was" : "\(dropped) bytes more were"
        let line = "\(endsInLine ? "" : "\n")… \(count) not kept: \(reason)\n"
        let done = file.write(Array(line.utf8).span)
        guard let refused = done.failure else {
            written += done.count
            return
        }
        failure = failure ?? refused
        try? file.truncate(to: written)
    }
}

/// What became of all that was appended.
package struct LogTotals: Hashable, Sendable {
    package let kept: Int
    package let dropped: Int
    package let failure: LogError?

    package init(kept: Int, dropped: Int, failure: LogError?) {
        self.kept = kept
        self.dropped = dropped
        self.failure = failure
    }
}
