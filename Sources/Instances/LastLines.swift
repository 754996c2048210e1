import Attempts
import Glibc
import Logs

/// The end of an instance's log. What is in it was written by strangers.
enum LastLines {
    private static let longest = 4 << 10

    static func of(_ folder: AttemptFolder, atMost most: Int) -> [String] {
        var lines = tail(folder.log, most)
        if lines.count < most { lines = tail(folder.earlierLog, most - lines.count) + lines }
        return lines
    }

    private static func tail(_ path: String, _ most: Int) -> [String] {
        guard let reader = try? LogReader.open(LogPlace(path)), let length = try? reader.length()
        else { return [] }
        var open = reader
        let start = max(0, length - longest)
        guard let piece = try? open.read(from: start, upTo: longest) else { return [] }
        var lines = piece.bytes.split(separator: UInt8(ascii: "\n"))
        // The first is what is left of one that begins earlier.
        if start > 0, lines.count > 1 { lines.removeFirst() }
        return lines.suffix(most).map { visible(String(decoding: $0, as: UTF8.self)) }
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
