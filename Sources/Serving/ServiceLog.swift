package import Attempts
import Glibc
package import Logs
import Masking
import Supervising

/// What an instance prints, on its way into its log: secrets hidden, and only the newest kept. When
/// it is half as long as it may be, it becomes the earlier one, and another is begun.
package struct ServiceLog: ~Copyable {
    private static let bufferSize = 256 << 10
    /// After the disk has refused it, what is printed is left out for so long.
    private static let patience = 10_000

    private let folder: AttemptFolder
    private let most: Int
    private var masker: Masker
    private var writer: LogWriter
    private var buffer = [UInt8](repeating: 0, count: bufferSize)
    private var complaints = Complaint()
    /// When the disk is given another try.
    private var triesAgain: Int?

    package static func create(
        _ folder: AttemptFolder, bytes: Int, secrets: [HandedSecret]
    ) throws(LogError) -> ServiceLog {
        let needles = Needles(hiding: secrets.map(\.value))
        var log = ServiceLog(
            folder: folder, most: max(1 << 12, bytes / 2), masker: Masker(needles),
            writer: try LogWriter.create(LogPlace(folder.log), limit: nil))
        for index in needles.tooShort {
            log.say(
                "secret '\(secrets[index].name)' is shorter than "
                    + "\(Needles.shortest) bytes and is not hidden in this log", at: 0)
        }
        return log
    }

    private init(
        folder: AttemptFolder, most: Int, masker: Masker, writer: consuming LogWriter
    ) {
        self.folder = folder
        self.most = most
        self.masker = masker
        self.writer = writer
    }

    /// What bubblewrap said, if it was the first to say anything.
    package var complaint: String? { complaints.text }

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
        take(bytes.span.extracting(first: count), at: milliseconds)
        return true
    }

    /// What somebody else has read.
    package mutating func take(_ bytes: Span<UInt8>, at milliseconds: Int) {
        makeRoom(at: milliseconds)
        masker.feed(bytes) { writer.append($0) }
        flush(at: milliseconds)
    }

    /// A word of the supervisor's own.
    package mutating func say(_ text: String, at milliseconds: Int) {
        makeRoom(at: milliseconds)
        writer.append(Array("slipway: \(text)\n".utf8).span)
        flush(at: milliseconds)
    }

    package consuming func close(at milliseconds: Int) -> LogTotals {
        masker.finish { writer.append($0) }
        return writer.close(at: milliseconds)
    }

    private mutating func flush(at milliseconds: Int) {
        do throws(LogError) {
            try writer.flush(at: milliseconds)
        } catch {
            // A service that answers is worth more than what it says of itself.
            triesAgain = milliseconds + Self.patience
        }
    }

    private mutating func makeRoom(at milliseconds: Int) {
        let isDue = triesAgain.map { milliseconds >= $0 } ?? false
        guard writer.kept >= most || isDue else { return }
        triesAgain = nil
        for (name, earlier) in [
            (LogPlace(folder.log).plain, LogPlace(folder.earlierLog).plain),
            (LogPlace(folder.log).index, LogPlace(folder.earlierLog).index),
        ] { _ = unsafe rename(name, earlier) }
        do throws(LogError) {
            let next = try LogWriter.create(LogPlace(folder.log), limit: nil)
            let before = replace(with: next)
            _ = before.close(at: milliseconds)
        } catch {
            triesAgain = milliseconds + Self.patience
        }
    }

    private mutating func replace(with next: consuming LogWriter) -> LogWriter {
        var other = next
        swap(&other, &writer)
        return other
    }
}
