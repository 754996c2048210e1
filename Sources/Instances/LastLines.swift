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
        lines(folder, most, longest, withEmpty: false).map {
            visible(String(decoding: $0, as: UTF8.self))
        }
    }

    private static func lines(
        _ folder: AttemptFolder, _ most: Int, _ longest: Int, withEmpty: Bool
    ) -> [ArraySlice<UInt8>] {
        let lines = tail(folder.log, most, longest, withEmpty)
        guard lines.count < most else { return lines }
        return tail(folder.earlierLog, most - lines.count, longest, withEmpty) + lines
    }

    private static func tail(
        _ path: String, _ most: Int, _ longest: Int, _ withEmpty: Bool
    ) -> [ArraySlice<UInt8>] {
        guard let reader = try? LogReader.open(LogPlace(path)), let length = try? reader.length()
        else { return [] }
        var open = reader
        let start = max(0, length - longest)
        guard let piece = try? open.read(from: start, upTo: longest) else { return [] }
        var lines = piece.bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: !withEmpty)
        // Behind the last line there is none.
        if lines.last?.isEmpty == true { lines.removeLast() }
        // The first is what is left of one that begins earlier.
        if start > 0, lines.count > 1 { lines.removeFirst() }
        return lines.suffix(most)
    }

    /// Nothing in it commands a terminal.
    private static func visible(_ line: String) -> String {
        var shown = ""
        for scalar in line.unicodeScalars {
            switch scalar.value {
            case 0x09: shown.append(" ")
            case 0..<0x20, 0x7F..<0xA0: shown.append("?")
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
