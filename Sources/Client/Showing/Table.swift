import Pipelines

/// Rows for people, one column below the other. What is in them cannot command a terminal.
package struct Table: Sendable {
    package enum Paint: String, Sendable {
        case good = "32"
        case bad = "31"
        case waiting = "33"
        case active = "36"
        case faint = "2"
    }

    package struct Cell: Sendable, ExpressibleByStringLiteral {
        let text: String
        let paint: Paint?

        package init(_ text: String, _ paint: Paint? = nil) {
            self.text = Report.visible(text)
            self.paint = paint
        }

        package init(stringLiteral value: String) { self.init(value) }
    }

    private static let gap = "  "
    /// A column is not cut below this.
    private static let narrowest = 8

    private let heads: [String]
    private var rows: [[Cell]] = []

    package init(_ heads: String...) { self.heads = heads }

    package mutating func add(_ cells: Cell...) { rows.append(cells) }

    /// Where there is a width, the widest column is cut until the rows fit.
    package func text(width: Int? = nil, isPainted: Bool = false) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = [heads.map { Cell($0, .faint) }] + rows
        var widths = heads.indices.map { column in
            lines.map { $0.indices.contains(column) ? Report.cells($0[column].text) : 0 }.max() ?? 0
        }
        if let width { Self.fit(&widths, into: width) }
        return lines.map { Self.line($0, widths, isPainted) + "\n" }.joined()
    }

    private static func fit(_ widths: inout [Int], into width: Int) {
        let gaps = gap.count * (widths.count - 1)
        while widths.reduce(gaps, +) > width {
            guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
                widths[widest] > narrowest
            else { return }
            widths[widest] -= 1
        }
    }

    private static func line(_ cells: [Cell], _ widths: [Int], _ isPainted: Bool) -> String {
        let last = cells.lastIndex { !$0.text.isEmpty } ?? 0
        return cells.enumerated().prefix(last + 1).map { column, cell in
            let text = cut(cell.text, to: widths[column])
            let pad = column == last ? 0 : widths[column] - Report.cells(text)
            let painted = isPainted ? Self.paint(text, cell.paint) : text
            return painted + String(repeating: " ", count: max(0, pad))
        }.joined(separator: gap)
    }

    package static func paint(_ text: String, _ paint: Paint?) -> String {
        guard let paint, !text.isEmpty else { return text }
        return "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m"
    }

    /// With a sign at the end if something is missing.
    package static func cut(_ text: String, to width: Int) -> String {
        guard Report.cells(text) > width else { return text }
        var short = ""
        for character in text {
            guard Report.cells(short + String(character)) < width else { break }
            short.append(character)
        }
        return short + "…"
    }
}
