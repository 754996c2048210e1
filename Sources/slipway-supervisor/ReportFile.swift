import Attempts
import Glibc

/// The report, written aside and put in place whole.
///
/// It is not synced: it has to survive a killed house, for which the page cache is enough. After a
/// power failure every process of the attempt is gone anyway, and the attempt counts as lost.
enum ReportFile {
    static func write(_ report: AttemptReport, to path: String) -> Bool {
        let part = "\(path).part"
        let bytes = report.fields.bytes
        let file = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        let count = unsafe Glibc.write(file, bytes, bytes.count)
        close(file)
        guard count == bytes.count else { return false }
        return unsafe rename(part, path) == 0
    }
}
