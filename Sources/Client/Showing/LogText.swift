import Pipelines

/// What actions printed, for a terminal: colours stay, whatever else a terminal would obey is shown
/// as what it is.
package enum LogText {
    package static func line(_ bytes: some Sequence<UInt8>) -> String {
        let scalars = Array(String(decoding: Array(bytes), as: UTF8.self).unicodeScalars)
        var text = ""
        var plain = String.UnicodeScalarView()
        var isColoured = false
        var place = 0
        while place < scalars.count {
            if let end = colour(in: scalars, at: place) {
                text += Report.visible(String(plain))
                plain = String.UnicodeScalarView()
                text.unicodeScalars.append(contentsOf: scalars[place..<end])
                isColoured = true
                place = end
            } else {
                plain.append(scalars[place])
                place += 1
            }
        }
        text += Report.visible(String(plain))
        // What colours the line does not colour what comes after it.
        return isColoured ? text + "\u{1B}[0m" : text
    }

    /// Where `ESC [ 1 ; 31 m` ends that begins here.
    private static func colour(in scalars: [Unicode.Scalar], at start: Int) -> Int? {
        guard scalars[start] == "\u{1B}", start + 1 < scalars.count, scalars[start + 1] == "["
        else { return nil }
        let rest = scalars[(start + 2)...]
        let end = rest.prefix(32).firstIndex { !($0 == ";" || "0"..."9" ~= $0) }
        return end.flatMap { scalars[$0] == "m" ? $0 + 1 : nil }
    }
}

/// Lines out of bytes that come in pieces.
package struct LineBuffer {
    /// A longer one is given out in parts, so that it cannot fill the memory.
    private static let longest = 64 << 10

    private var rest: [UInt8] = []

    package init() {}

    package mutating func take(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var bytes = bytes[...]
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest.isEmpty ? bytes[..<end] : (rest + bytes[..<end])[...])
            rest = []
            bytes = bytes[(end + 1)...]
        }
        rest += bytes
        if rest.count > Self.longest { lines += end() }
        return lines
    }

    /// A line whose end never came.
    package mutating func end() -> [ArraySlice<UInt8>] {
        defer { rest = [] }
        return rest.isEmpty ? [] : [rest[...]]
    }
}
