/// A picture of a status, for a page.
package struct Badge: Hashable, Sendable {
    /// Longer labels are cut.
    private static let longest = 60
    /// What a letter takes, of a font that nobody knows; the picture stretches it to fit.
    private static let letterWidth = 7
    private static let margin = 6

    let label: String
    let status: String

    package init(label: String, status: String) {
        self.label = String(label.prefix(Self.longest))
        self.status = String(status.prefix(Self.longest))
    }

    package var svg: String {
        let left = Self.width(label)
        let right = Self.width(status)
        let title = Self.escaped("\(label): \(status)")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(left + right)" height="20" \
            role="img" aria-label="\(title)"><title>\(title)</title>\
            <rect width="\(left)" height="20" fill="#444"/>\
            <rect x="\(left)" width="\(right)" height="20" fill="\(colour)"/>\
            <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\
            \(Self.text(label, at: 0, width: left))\(Self.text(status, at: left, width: right))\
            </g></svg>

            """
    }

    private static func width(_ text: String) -> Int { text.count * letterWidth + 2 * margin }

    private static func text(_ text: String, at x: Int, width: Int) -> String {
        "<text x=\"\(x + margin)\" y=\"14\" textLength=\"\(width - 2 * margin)\">"
            + "\(escaped(text))</text>"
    }

    private var colour: String {
        switch status {
        case "succeeded": "#2a7f3f"
        case "failed": "#b3261e"
        case "stopped", "superseded", "cancelled", "never run": "#666"
        default: "#1a5fb4"
        }
    }

    /// Nothing in it can be taken for a mark, nor is there anything that XML does not allow.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            case _ where scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value: " "
            case "\u{FFFE}", "\u{FFFF}": " "
            default: String(scalar)
            }
        }.joined()
    }
}
