/// What `slipway COMMAND --help` shows.
enum HelpPage {
    static func text(of words: CommandWords) -> String {
        let parts =
            [["slipway \(words.name) - \(words.about)"], usage(words)]
            + words.prose.map { Wrapping.lines($0) }
            + [
                verbs(words), section("Options:", options(words)),
                section("Examples:", examples(words)), section("Exit codes:", exits(words)),
            ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n") + "\n"
    }

    /// What `slipway --help` shows.
    static func overview(of commands: [CommandWords]) -> String {
        let list = Wrapping.list(commands.map { ($0.name, $0.about) })
        return """
            slipway runs pipelines that you own.

            Usage: slipway COMMAND [OPTION …] [ARGUMENT …]

            \(list.joined(separator: "\n"))

            `slipway COMMAND --help` tells more of a command, with examples.
            `slipway manual | man -l -` shows the manual; `slipway --version` the version.

            """
    }

    private static func usage(_ words: CommandWords) -> [String] {
        let head = "Usage: "
        return words.forms.enumerated().flatMap { index, form in
            let lines = Wrapping.lines(of: form.usage(of: words.name), indent: head.count, more: 4)
            guard index == 0, let first = lines.first else { return lines }
            return [head + first.dropFirst(head.count)] + lines.dropFirst()
        }
    }

    private static func verbs(_ words: CommandWords) -> [String] {
        Wrapping.list(words.forms.compactMap(\.verb).map { ($0.name, $0.about) })
    }

    private static func options(_ words: CommandWords) -> [String] {
        Wrapping.list(words.flags.map { ($0.written, $0.about) })
    }

    private static func examples(_ words: CommandWords) -> [String] {
        words.examples.flatMap { ["  \($0.line)"] + Wrapping.lines($0.about, indent: 6) }
    }

    private static func exits(_ words: CommandWords) -> [String] {
        Wrapping.list(words.exits.map { ("\($0.code)", $0.meaning) })
    }

    private static func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [title] + lines
    }
}
