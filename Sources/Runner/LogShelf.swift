import Attempts
import Glibc
import Logs

/// Compresses the logs of attempts that are over. What there is no time for is noted with a link
/// in the folder of open attempts, and done by the next house.
struct LogShelf: Sendable {
    private static let suffix = ".log"
    /// Below it there is little to win.
    private static let worthwhile = 64 << 10

    let workers: Workers

    /// Whether a link notes a log, and not an attempt.
    static func isNote(_ name: String) -> Bool { name.hasSuffix(suffix) }

    /// Lets go of an attempt, whose link is no claim any more. The log of one that failed stays as
    /// people read it.
    func release(_ folder: AttemptFolder, link: String, succeeded: Bool) {
        var status = stat()
        guard succeeded, unsafe stat(folder.log, &status) == 0,
            status.st_size >= Self.worthwhile
        else {
            _ = unsafe unlink(link)
            return
        }
        let note = link + Self.suffix
        _ = unsafe rename(link, note)
        compress(folder, note: note)
    }

    func compress(_ folder: AttemptFolder, note: String) {
        let compression = LogCompression(of: LogPlace(folder.log))
        do throws(LogError) {
            guard try compression.run(unless: { workers.hasNoTime }) else { return }
        } catch {
            // It stays as it is, which is as good; a log that is gone needs nothing.
        }
        _ = unsafe unlink(note)
    }
}
