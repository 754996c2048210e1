/// Text in lines of a terminal's width.
enum Wrapping {
    static let columns = 80

    /// Lines of at most `columns`, each with `indent` before it. What cannot be broken stays long.
    static func lines(_ text: String, indent: Int = 0, columns: Int = columns) -> [String] {
        lines(of: text.split(separator: " ").map(String.init), indent: indent, columns: columns)
    }

    /// The same for parts that are not to be broken themselves; lines after the first are indented
    /// by `more`.
    static func lines(
        of parts: [String], indent: Int = 0, more: Int = 0, columns: Int = columns
    ) -> [String] {
        var lines: [String] = []
        var line = ""
        for part in parts {
            let margin = indent + (lines.isEmpty ? 0 : more)
            if !line.isEmpty, margin + line.count + 1 + part.count > columns {
                lines.append(pad("", to: margin) + line)
                line = ""
            }
            line += line.isEmpty ? part : " \(part)"
        }
        if !line.isEmpty { lines.append(pad("", to: indent + (lines.isEmpty ? 0 : more)) + line) }
        return lines
    }

    /// A list of words and what they mean, one column beside the other.
    static func list(_ rows: [(word: String, about: String)]) -> [String] {
        let longest = rows.map(\.word.count).max() ?? 0
        return rows.flatMap { row in
            let text = lines(row.about, indent: 2 + longest + 2)
            guard let first = text.first else { return ["  \(row.word)"] }
            let head = pad("  \(row.word)", to: 2 + longest + 2)
            return [head + first.dropFirst(head.count)] + text.dropFirst()
        }
    }

    private static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
