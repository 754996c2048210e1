import Attempts
import Glibc

/// The report, written aside and put in place whole. Its room on the disk is taken before anything
/// is run, because by the end there may be none.
///
/// It is not synced: it has to survive a killed house, for which the page cache is enough. After a
/// power failure every process of the attempt is gone anyway, and the attempt counts as lost.
struct ReportFile: ~Copyable {
    private static let room = 4_096

    private let descriptor: Int32
    private let part: String
    private let path: String

    /// Nothing if there is no room for it.
    static func reserve(_ path: String) -> ReportFile? {
        let part = "\(path).part"
        let file = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        let code = posix_fallocate(file, 0, off_t(room))
        guard code == 0 || code == EOPNOTSUPP || code == EINVAL else {
            close(file)
            return nil
        }
        return ReportFile(descriptor: file, part: part, path: path)
    }

    private init(descriptor: Int32, part: String, path: String) {
        self.descriptor = descriptor
        self.part = part
        self.path = path
    }

    deinit { close(descriptor) }

    func write(_ report: AttemptReport) -> Bool {
        var bytes = report.fields.bytes
        if !isWritten(bytes) {
            // The steps are what makes it long; how it ended is what must be known.
            bytes = report.withoutSteps.fields.bytes
            guard isWritten(bytes) else { return false }
        }
        guard ftruncate(descriptor, off_t(bytes.count)) == 0 else { return false }
        return unsafe rename(part, path) == 0
    }

    private func isWritten(_ bytes: [UInt8]) -> Bool {
        unsafe pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    }
}
