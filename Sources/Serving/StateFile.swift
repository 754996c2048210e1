package import Attempts
import Glibc
import SmallFiles

/// The file in which an instance's supervisor tells how it is, and the pipe by which it says that
/// there is something new. As a report, it is not synced: it is of no use after a power failure.
package struct StateFile: ~Copyable {
    private let path: String
    private let bell: String
    private var unwritten: ServiceReading?

    package init(_ path: String, ringing bell: String) {
        self.path = path
        self.bell = bell
    }

    /// Whether the disk has refused what there is to tell.
    package var isBehind: Bool { unwritten != nil }

    package mutating func tell(_ reading: ServiceReading) {
        unwritten = reading
        tryAgain()
    }

    package mutating func tryAgain() {
        guard let reading = unwritten else { return }
        let part = "\(path).part"
        do throws(FileProblem) {
            try SmallFile.remove(part)
            try SmallFile.make(part, of: reading.fields.bytes)
        } catch { return }
        guard unsafe rename(part, path) == 0 else { return }
        unwritten = nil
        ring()
    }

    /// Nobody has to listen: whoever comes later reads all files.
    private func ring() {
        let pipe = unsafe open(bell, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard pipe >= 0 else { return }
        defer { close(pipe) }
        var sound: UInt8 = 1
        _ = unsafe write(pipe, &sound, 1)
    }
}
