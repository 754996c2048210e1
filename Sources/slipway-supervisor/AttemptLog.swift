import Attempts
import Glibc
import Logs
import Masking

/// What the commands print, on its way into the log: secrets hidden, within the limit.
struct AttemptLog: ~Copyable {
    private static let bufferSize = 256 << 10
    private static let complaintPrefix = Array("bwrap: ".utf8)
    private static let complaintLength = 300

    private var masker: Masker
    private var writer: LogWriter
    private var buffer = [UInt8](repeating: 0, count: bufferSize)
    private var head: [UInt8] = []
    /// The disk refused what was to be written.
    private(set) var hasFailed = false

    static func create(
        _ folder: AttemptFolder, limit: Int?, secrets: [HandedSecret]
    ) throws(LogError) -> AttemptLog {
        let needles = Needles(hiding: secrets.map(\.value))
        var log = AttemptLog(
            masker: Masker(needles),
            writer: try LogWriter.create(LogPlace(folder.log), limit: limit))
        for index in needles.tooShort {
            let line =
                "slipway: secret '\(secrets[index].name)' is shorter than "
                + "\(Needles.shortest) bytes and is not hidden in this log\n"
            log.writer.append(Array(line.utf8).span)
        }
        return log
    }

    private init(masker: Masker, writer: consuming LogWriter) {
        self.masker = masker
        self.writer = writer
    }

    var dropped: Int { writer.dropped }

    /// Takes what there is; false when nobody can write any more.
    mutating func take(from output: Int32, at milliseconds: Int) -> Bool {
        // Out of our hands while what is in it is passed on, and back with its memory.
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        defer { swap(&bytes, &buffer) }
        let count = unsafe read(output, &bytes, Self.bufferSize)
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        guard count > 0 else { return false }
        if head.count < Self.complaintLength {
            head += bytes[..<min(count, Self.complaintLength)]
        }
        masker.feed(bytes.span.extracting(first: count)) { writer.append($0) }
        attempt { writer throws(LogError) in try writer.flush(at: milliseconds) }
        return true
    }

    mutating func begin(step: Int, at milliseconds: Int) {
        attempt { writer throws(LogError) in try writer.beginStep(step, at: milliseconds) }
    }

    mutating func endStep(code: Int, at milliseconds: Int) {
        // No secret is half in one step and half in the next: what was held back belongs here.
        masker.finish { writer.append($0) }
        attempt { writer throws(LogError) in try writer.endStep(code: code, at: milliseconds) }
    }

    /// What bubblewrap said, if it was the first to say anything.
    var complaint: String? {
        guard head.starts(with: Self.complaintPrefix) else { return nil }
        let line = head.prefix { $0 != UInt8(ascii: "\n") }
        return String(decoding: line, as: UTF8.self)
    }

    consuming func close(at milliseconds: Int) -> LogTotals {
        masker.finish { writer.append($0) }
        return writer.close(at: milliseconds)
    }

    private mutating func attempt(_ body: (inout LogWriter) throws(LogError) -> Void) {
        do throws(LogError) { try body(&writer) } catch { hasFailed = true }
    }
}
