import HTTP

/// The headers of an answer, a line at a time.
struct AnswerHead {
    private static let longest = 64 << 10

    private(set) var headers = Headers()
    private var length = 0

    /// Is false if there is too much of them.
    mutating func feed(_ line: some Collection<UInt8>) -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        // There can be several answers, of which only the last is one: '100 Continue' comes first.
        if text.hasPrefix("HTTP/") { self = AnswerHead() }
        length += line.count
        guard length <= Self.longest else { return false }
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, !text.hasPrefix("HTTP/") else { return true }
        headers.add(String(parts[0]), Self.trimmed(parts[1]))
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0.value <= 32 }
        let scalars = text.unicodeScalars.drop(while: isSpace).reversed().drop(while: isSpace)
        var trimmed = String.UnicodeScalarView()
        trimmed.append(contentsOf: scalars.reversed())
        return String(trimmed)
    }
}
