package import Attempts
import Glibc
package import Logs
import Masking

/// What the commands print, on its way into the log: secrets hidden, within the limit.
package struct AttemptLog: ~Copyable {
    private static let bufferSize = 256 << 10
    /// Milliseconds that a full disk is waited for. Meanwhile nothing is read, so that whoever
    /// prints waits too.
    private static let patience = 300_000
    private static let waitInterval = 100

    private var masker: Masker
    private var writer: LogWriter
    private var buffer = [UInt8](repeating: 0, count: bufferSize)
    private var complaints = Complaint()
    /// So much is printed between two looks at whether the disk has room for others.
    private static let lookInterval = 1 << 20

    private let path: String
    private var waitsSince: Int?
    private var looksAt = lookInterval
    /// Hardly any of the disk is left, and this log has taken much of it.
    private var isTooLarge = false
    /// Why the disk did not take what was to be written.
    private var failure: String?

    package static func create(
        _ folder: AttemptFolder, limit: Int?, secrets: [HandedSecret]
    ) throws(LogError) -> AttemptLog {
        let needles = Needles(hiding: secrets.map(\.value))
        var log = AttemptLog(
            path: folder.log, masker: Masker(needles),
            writer: try LogWriter.create(
                LogPlace(folder.log), limit: limit, waitsForRoom: true))
        for index in needles.tooShort {
            log.say(
                "secret '\(secrets[index].name)' is shorter than "
                    + "\(Needles.shortest) bytes and is not hidden in this log", at: 0)
        }
        return log
    }

    private init(path: String, masker: Masker, writer: consuming LogWriter) {
        self.path = path
        self.masker = masker
        self.writer = writer
    }

    /// How an attempt with such a log has to end.
    package var broken: AttemptReport.End? {
        if isTooLarge { return .overLimit("output: hardly any of the disk is left") }
        if let failure { return .logLost(failure) }
        return writer.dropped > 0 ? .overLimit("output") : nil
    }

    /// The disk is full, and nothing more is taken until there is room.
    package var isWaiting: Bool { writer.isWaiting }

    /// When it is worth the while to look for room again.
    package func nextLook(after now: Int) -> Int { isWaiting ? now + Self.waitInterval : .max }

    /// Looks for room, if that is what is waited for. What is being ended does not wait: perhaps
    /// there is room when it is gone.
    package mutating func lookForRoom(at now: Int, isWorthWaiting: Bool) {
        guard isWaiting else {
            waitsSince = nil
            return
        }
        let since = waitsSince ?? now
        waitsSince = since
        attempt { writer throws(LogError) in
            if now - since > Self.patience || !isWorthWaiting { writer.giveUp() }
            try writer.flush(at: now)
        }
    }

    /// Takes what there is; false when nobody can write any more.
    package mutating func take(from output: Int32, at milliseconds: Int) -> Bool {
        // Out of our hands while what is in it is passed on, and back with its memory.
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        defer { swap(&bytes, &buffer) }
        let count = unsafe read(output, &bytes, Self.bufferSize)
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        guard count > 0 else { return false }
        complaints.hear(bytes[..<count])
        masker.feed(bytes.span.extracting(first: count)) { writer.append($0) }
        attempt { writer throws(LogError) in try writer.flush(at: milliseconds) }
        leaveRoom()
        return true
    }

    /// Others have logs too, and there is the record.
    private mutating func leaveRoom() {
        guard writer.kept > looksAt, !isTooLarge else { return }
        looksAt = writer.kept + Self.lookInterval
        guard let largest = DiskLeft.of(path).largestBytes, writer.kept > largest else { return }
        isTooLarge = true
        writer.giveUp(because: .scarce(path))
    }

    /// A word of the supervisor's own.
    package mutating func say(_ text: String, at milliseconds: Int) {
        writer.append(Array("slipway: \(text)\n".utf8).span)
        attempt { writer throws(LogError) in try writer.flush(at: milliseconds) }
    }

    /// A line that somebody else has said: secrets are hidden in it.
    package mutating func show(_ line: String, at milliseconds: Int) {
        masker.feed(Array("\(line)\n".utf8).span) { writer.append($0) }
        masker.finish { writer.append($0) }
        attempt { writer throws(LogError) in try writer.flush(at: milliseconds) }
        leaveRoom()
    }

    package mutating func begin(step: Int, at milliseconds: Int) {
        attempt { writer throws(LogError) in try writer.beginStep(step, at: milliseconds) }
    }

    package mutating func endStep(code: Int, at milliseconds: Int) {
        // No secret is half in one step and half in the next: what was held back belongs here.
        masker.finish { writer.append($0) }
        attempt { writer throws(LogError) in try writer.endStep(code: code, at: milliseconds) }
    }

    /// What bubblewrap said, if it was the first to say anything.
    package var complaint: String? { complaints.text }

    package consuming func close(at milliseconds: Int) -> LogTotals {
        masker.finish { writer.append($0) }
        return writer.close(at: milliseconds)
    }

    private mutating func attempt(_ body: (inout LogWriter) throws(LogError) -> Void) {
        do throws(LogError) { try body(&writer) } catch { failure = failure ?? error.problem }
    }
}
