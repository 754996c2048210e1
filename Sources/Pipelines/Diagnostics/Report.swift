import YAML

/// Shows diagnostics with the lines that they are about.
package struct Report {
    /// A longer line is cut around the place that matters.
    private static let width = 100

    private let file: String
    private let lines: [Substring]

    package init(file: String, text: String) {
        self.file = Self.visible(file)
        let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    package func text(of diagnostics: [Diagnostic]) -> String {
        var parts = diagnostics.prefix(Findings.shown).map(text)
        if diagnostics.count > Findings.shown {
            parts.append("and \(diagnostics.count - Findings.shown) more like these\n")
        }
        return parts.joined()
    }

    package func text(of diagnostic: Diagnostic) -> String {
        let place = diagnostic.place
        var text =
            "\(file):\(place.line):\(place.column): \(diagnostic.severity.rawValue): "
            + "\(Self.visible(Self.cut(diagnostic.problem)))\n"
        text += excerpt(at: place)
        return text + "  hint: \(Self.visible(diagnostic.hint))\n"
    }

    /// The line and a caret under the place.
    private func excerpt(at place: Place) -> String {
        guard lines.indices.contains(place.line - 1) else { return "" }
        let scalars = Array(lines[place.line - 1].unicodeScalars)
        guard !scalars.isEmpty else { return "" }
        let column = min(place.column - 1, scalars.count)
        let start = scalars.count <= Self.width ? 0 : max(0, column - Self.width / 2)
        let end = min(scalars.count, start + Self.width)
        let number = String(place.line)
        let margin = String(repeating: " ", count: number.utf8.count)
        let cut = start > 0 ? "…" : ""
        let before = cut + scalars[start..<column].map(Self.visible).joined()
        let after = scalars[column..<max(column, end)].map(Self.visible).joined()
        let tail = end < scalars.count ? "…" : ""
        let indent = String(repeating: " ", count: Self.cells(before))
        return "  \(number) | \(before)\(after)\(tail)\n  \(margin) | \(indent)^\n"
    }

    private static func cut(_ text: String) -> String {
        text.count > 2 * width ? text.prefix(width) + "…" + text.suffix(width / 2) : text
    }

    /// Text from outside, with nothing in it that a terminal would obey.
    package static func visible(_ text: String) -> String {
        text.unicodeScalars.map(visible).joined()
    }

    private static func visible(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            scalar == "\t" ? " " : "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
    }

    /// How many cells of a terminal a text takes.
    package static func cells(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark: return sum
            default: return sum + (isWide(scalar) ? 2 : 1)
            }
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
