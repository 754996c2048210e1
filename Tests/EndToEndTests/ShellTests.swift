import Support
import Testing

/// Real shells, in which somebody types a line and presses Tab.
@Suite("Completions in a shell") struct ShellTests {
    /// What is typed, and the line after Tab.
    static let lines: [(typed: String, line: String)] = [
        ("slipway his", "slipway history "),
        ("slipway run --qu", "slipway run --quiet "),
        ("slipway run --only te", "slipway run --only test "),
        ("slipway run --only=te", "slipway run --only=test "),
        ("slipway run --va", "slipway run --var "),
        ("slipway run --var r", "slipway run --var region="),
        ("slipway run --var region=s", "slipway run --var region=south "),
        ("slipway run --home fo", "slipway run --home folder/"),
        ("slipway run --home=fo", "slipway run --home=folder/"),
        ("slipway run --source app=fo", "slipway run --source app=folder/"),
        ("slipway run --secret token=ot", "slipway run --secret token=other.txt "),
        ("slipway run pi", "slipway run pipeline.yml "),
        ("slipway run folder/m", "slipway run folder/my\\ file.yml "),
        ("slipway logs sh", "slipway logs shop/1 "),
        ("slipway logs shop/1 b", "slipway logs shop/1 build/compile "),
        ("slipway logs --home .sl", "slipway logs --home .slipway/"),
        ("slipway audit ch", "slipway audit checkpoint "),
    ]

    /// Types each line into a shell on a terminal of its own and presses Ctrl-O, at which it
    /// shows between `<<` and `>>` what has become of the line, and forgets it.
    private static let driver = #"""
        zmodload zsh/zpty
        typeset out
        zpty shell "$@"
        zpty -w shell 'source ./setup'
        zpty -r -m shell out '*ready>*' || exit 9
        while IFS= read -r line; do
            zpty -w -n shell "$line"$'\t\x0f'
            zpty -r -m shell out '*<<*>>*' || exit 9
            out=${out##*<<}
            print -r -- "${out%%>>*}"
        done
        zpty -d shell
        """#

    private func completed(_ setup: String, by shell: String) throws -> [String] {
        let project = try CompletionTests.project()
        try project.folder.write(setup, to: "setup")
        try project.folder.write(Self.driver, to: "driver")
        let folder = Slipway.path.split(separator: "/").dropLast().joined(separator: "/")
        let said = try Program.run(
            [
                "/usr/bin/env", "-i", "-C", project.folder.path, "PATH=/\(folder):/usr/bin:/bin",
                "HOME=\(project.folder.path)", "TERM=dumb", "LC_ALL=C.UTF-8", "COLUMNS=200",
                "zsh", "-f", "driver", shell,
            ], input: Self.lines.map { "\($0.typed)\n" }.joined())
        #expect(said.code == 0)
        #expect(said.errors == "")
        return said.output.split(separator: "\n").map(String.init)
    }

    @Test func `bash completes what is typed`() throws {
        let lines = try completed(
            """
            PS1=; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'
            source <(slipway completion bash)
            show() { printf '<%s%s>%s\\n' '<' "$READLINE_LINE" '>'; READLINE_LINE=; }
            bind -x '"\\C-o": show'; echo 'ready>'

            """, by: "bash --norc --noprofile -i")
        #expect(lines == Self.lines.map(\.line))
    }

    @Test func `zsh completes what is typed`() throws {
        let lines = try completed(
            """
            PROMPT=; unsetopt beep; autoload -Uz compinit; compinit -D -u
            source <(slipway completion zsh)
            show() { local line=$BUFFER; BUFFER=; print -r -- "<"'<'"$line>"'>' >/dev/tty; }
            zle -N show; bindkey '^O' show; print 'ready>'

            """, by: "zsh -f -i")
        #expect(lines == Self.lines.map(\.line))
    }

    @Test func `fish knows the words and what they are about`() throws {
        let project = try CompletionTests.project()
        let folder = Slipway.path.split(separator: "/").dropLast().joined(separator: "/")
        let asked = Self.lines.map { "complete -C '\($0.typed)'; echo ." }.joined(separator: "\n")
        try project.folder.write("slipway completion fish | source\n\(asked)\n", to: "asking")
        let said = try Program.run([
            "/usr/bin/env", "-i", "-C", project.folder.path, "PATH=/\(folder):/usr/bin:/bin",
            "HOME=\(project.folder.path)", "LC_ALL=C.UTF-8", "fish", "--no-config", "asking",
        ])
        #expect(said.code == 0)
        #expect(said.errors == "")
        let answers = said.output.split(separator: ".\n", omittingEmptySubsequences: false)
        for (asked, answer) in zip(Self.lines, answers) {
            let words = answer.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
            let last = asked.line.split(separator: " ").dropFirst().last ?? ""
            #expect(words.contains { $0.hasSuffix(last) }, "\(asked.typed): \(answer)")
        }
        #expect(answers.first == "history\tshow what has been run, and how it ended\n")
    }
}
