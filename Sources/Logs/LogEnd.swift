/// The end of a log. What is in it was written by strangers.
package enum LogEnd {
    /// The last lines within so many bytes of the end, each without its end.
    package static func lines(
        of path: String, atMost most: Int, upTo longest: Int, withEmpty: Bool = false
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

    /// A line of which nothing commands a terminal.
    package static func visible(_ line: ArraySlice<UInt8>) -> String {
        var shown = ""
        for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x09: shown.append(" ")
            case 0..<0x20, 0x7F..<0xA0: shown.append("?")
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
