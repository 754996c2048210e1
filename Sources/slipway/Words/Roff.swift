/// Text for `man`, as it grows.
struct Roff {
    private(set) var text = ""
    private var isBelowHeading = false

    mutating func line(_ line: String) {
        text += line + "\n"
        isBelowHeading = false
    }

    mutating func macro(_ name: String, _ words: [String] = []) {
        line(([".\(name)"] + words.map { "\"\(Self.escaped($0))\"" }).joined(separator: " "))
    }

    mutating func section(_ title: String) {
        macro("SH", [title])
        isBelowHeading = true
    }

    mutating func subsection(_ title: String) {
        macro("SS", [title])
        isBelowHeading = true
    }

    mutating func paragraph(_ words: String) {
        if !isBelowHeading { macro("PP") }
        line(Self.marked(words))
    }

    /// Words, already marked, and what they mean.
    mutating func list(_ rows: [(word: String, about: String)]) {
        for row in rows {
            macro("TP")
            line(row.word)
            line(Self.marked(row.about))
        }
    }

    static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }
    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    static func option(_ flag: Flag) -> String {
        bold(flag.name) + (flag.value.map { " " + italic($0.name) } ?? "")
    }

    /// Usage lines as they are, the command and its verb in bold.
    mutating func usage(_ form: Form, of command: String) {
        let parts = form.usage(of: command)
        let lines = Wrapping.lines(of: parts, more: 4, columns: Wrapping.columns - 8)
        for (index, line) in lines.enumerated() {
            let head = index == 0 ? parts[0] : ""
            self.line(
                (head.isEmpty ? "" : Self.bold(head))
                    + Self.escaped(String(line.dropFirst(head.count))))
        }
    }

    /// What stands in backquotes is for a shell, and is shown in bold.
    private static func marked(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        let line = parts.enumerated().map { index, part in
            index.isMultiple(of: 2) ? escaped(part) : bold(part)
        }.joined()
        // A dot or a quote at the beginning of a line would be a command to `man`.
        return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : line
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\e"
            case "-": "\\-"
            case "'": "\\(aq"
            case "`": "\\(ga"
            case "\"": "\\(dq"
            case "^": "\\(ha"
            case "~": "\\(ti"
            case "…": "..."
            case _ where scalar.isASCII: String(scalar)
            default: "\\[u\(String(scalar.value, radix: 16, uppercase: true))]"
            }
        }.joined()
    }
}
