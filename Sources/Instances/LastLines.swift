import Attempts
import Glibc
import Logs
import SmallFiles

/// The end of an instance's log. What is in it was written by strangers.
package enum LastLines {
    private static let longest = 4 << 10

    /// As they were printed, each with its end, from at most so many bytes of each part of the log;
    /// nothing if there is no such instance, or its folder was thrown away.
    package static func bytes(
        of name: InstanceName, in home: String, atMost most: Int, upTo longest: Int
    ) -> [UInt8]? {
        let folder = InstanceFolders(home: home).folder(of: name)
        guard SmallFile.isThere(folder.path) else { return nil }
        return lines(folder, most, longest, withEmpty: true).flatMap { $0 + [UInt8(ascii: "\n")] }
    }

    static func of(_ folder: AttemptFolder, atMost most: Int) -> [String] {
        lines(folder, most, longest, withEmpty: false).map(LogEnd.visible)
    }

    private static func lines(
        _ folder: AttemptFolder, _ most: Int, _ longest: Int, withEmpty: Bool
    ) -> [ArraySlice<UInt8>] {
        let lines = LogEnd.lines(
            of: folder.log, atMost: most, upTo: longest, withEmpty: withEmpty)
        guard lines.count < most else { return lines }
        let earlier = LogEnd.lines(
            of: folder.earlierLog, atMost: most - lines.count, upTo: longest, withEmpty: withEmpty)
        return earlier + lines
    }
}
