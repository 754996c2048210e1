/// Server-sent events as they stand in a stream of type `text/event-stream`.
package enum EventText {
    /// One event. Whoever comes back after it says its id in `Last-Event-ID`.
    ///
    /// An id or a name with a line break in it would be two lines, and its second one anything:
    /// what follows the break is left out, and so is what follows a NUL, which undoes an id.
    package static func event(id: String? = nil, name: String? = nil, data: String) -> String {
        var text = ""
        if let id { text += "id: \(firstLine(id))\n" }
        if let name { text += "event: \(firstLine(name))\n" }
        for line in lines(data) { text += "data: \(line)\n" }
        return text + "\n"
    }

    /// Says nothing to whoever reads, but keeps the connection from being taken for dead.
    package static let heartbeat = ":\n\n"

    /// How long to wait before coming back after the connection was lost.
    package static func retry(milliseconds: Int) -> String { "retry: \(milliseconds)\n\n" }

    private static func firstLine(_ text: String) -> Substring {
        Substring(text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" && $0 != "\0" })
    }

    /// CR LF, CR and LF each end a line there, so none of them can be within one.
    private static func lines(_ data: String) -> [String] {
        var lines = [String.UnicodeScalarView()]
        var last: Unicode.Scalar?
        for scalar in data.unicodeScalars {
            switch scalar {
            case "\n" where last == "\r": break
            case "\n", "\r": lines.append(String.UnicodeScalarView())
            default: lines[lines.count - 1].append(scalar)
            }
            last = scalar
        }
        return lines.map(String.init)
    }
}
