/// The manual page `slipway(1)`, in the language of `man`.
enum ManualPage {
    static func text(of commands: [CommandWords], version: String) -> String {
        var page = Roff()
        page.macro("TH", ["SLIPWAY", "1", "", "slipway \(version)", "User Commands"])
        page.section("NAME")
        page.line("slipway \\- run pipelines that you own")
        synopsis(of: commands, &page)
        page.section("DESCRIPTION")
        for paragraph in description { page.paragraph(paragraph) }
        page.section("COMMANDS")
        for command in commands { section(of: command, &page) }
        page.section("EXIT STATUS")
        page.list(exits.map { (Roff.bold("\($0.code)"), $0.meaning) })
        page.section("ENVIRONMENT")
        page.list(environment.map { (Roff.bold($0.name), $0.about) })
        page.section("FILES")
        page.list(files.map { (Roff.italic($0.path), $0.about) })
        page.section("EXAMPLES")
        page.list(
            commands.flatMap { $0.examples.prefix(1) }.map { (Roff.bold($0.line), $0.about) })
        page.section("SEE ALSO")
        page.line("\\fBbwrap\\fR(1), \\fBgit\\fR(1), \\fBmake\\fR(1)")
        return page.text
    }

    private static func synopsis(of commands: [CommandWords], _ page: inout Roff) {
        page.section("SYNOPSIS")
        page.macro("nf")
        for command in commands {
            for form in command.forms { page.usage(form, of: command.name) }
        }
        page.macro("fi")
    }

    private static func section(of command: CommandWords, _ page: inout Roff) {
        page.subsection("slipway \(command.name)")
        page.paragraph("\(command.about.prefix(1).uppercased())\(command.about.dropFirst()).")
        for paragraph in command.prose { page.paragraph(paragraph) }
        page.list(command.forms.compactMap(\.verb).map { (Roff.bold($0.name), $0.about) })
        page.list(command.flags.map { (Roff.option($0), $0.about) })
        if !command.examples.isEmpty { page.paragraph("For example:") }
        page.list(command.examples.map { (Roff.bold($0.line), $0.about) })
        page.paragraph(
            "Exit status "
                + command.exits.map { "\($0.code): \($0.meaning)" }.joined(separator: "; ") + ".")
    }
}

extension ManualPage {
    private static let description = [
        "Slipway takes every new version of a program through the stages of a pipeline: build, "
            + "test, and what comes after. A pipeline is a YAML file, 'pipeline.yml'. Its actions "
            + "run in sandboxes, those of one stage side by side, and all that happens is kept in "
            + "a record that cannot be altered unnoticed.",
        "`slipway run` runs a pipeline on this machine. It needs no server and no privilege.",
        "Other commands ask a server: the one of '--server', of SLIPWAY_URL, or of `slipway "
            + "login`, in this order. A command that can also read a record in a folder does so "
            + "with '--home', and where no server is known.",
        "Every command tells its words with '--help'. An option's value stands after a space or "
            + "after '='. After '--' nothing is taken for an option.",
    ]

    static let exits: [CommandWords.Exit] = [
        .init(ExitCode.success, "done; the pipeline succeeded"),
        .init(ExitCode.failure, "the pipeline failed, or the record was tampered with"),
        .init(ExitCode.usage, "a mistake in usage or in a definition"),
        .init(ExitCode.stopped, "the pipeline was stopped, or waits for an approval"),
        .init(ExitCode.host, "this machine cannot do what was asked"),
        .init(ExitCode.server, "a server refused, or could not be reached"),
    ]

    static let environment: [(name: String, about: String)] = [
        ("HOME", "where '.config' is, if 'XDG_CONFIG_HOME' does not say"),
        ("XDG_CONFIG_HOME", "where 'slipway/runners' is looked for; '~/.config' without it"),
        (
            "PATH",
            "its folders below '/opt' are on the path of actions too, unless a profile of the "
                + "runner says otherwise"
        ),
        (
            "SLIPWAY_URL",
            "the server that is asked, unless '--server' or '--home' says otherwise"
        ),
        (
            "SLIPWAY_TOKEN",
            "who asks. Where SLIPWAY_URL is set, it is sent to that server and no other"
        ),
        ("NO_COLOR", "if it is set, no colours are shown"),
        ("TERM", "if it is not set, `slipway run` prints plain lines, as into a file"),
        (
            "SLIPWAY_PIPELINE, SLIPWAY_EXECUTION, SLIPWAY_NUMBER, SLIPWAY_STAGE, SLIPWAY_ACTION, "
                + "SLIPWAY_ATTEMPT, SLIPWAY_COMMIT or SLIPWAY_IMAGE, SLIPWAY_REF",
            "tell an action where it is. Nothing else of the environment reaches it"
        ),
        ("SLIPWAY_EXPORTS", "the file into which an action writes the variables it exports"),
    ]

    static let files: [(path: String, about: String)] = [
        (
            "~/.config/slipway/servers",
            "the servers of `slipway login` with their tokens; only its owner may read it"
        ),
        ("pipeline.yml", "the definition that `slipway run` reads if none is named"),
        (".slipway/", "the folder with the record, beside the source; it hides itself from git"),
        (".slipway/slipway.db", "the record"),
        (".slipway/audit.key", "the key that signs the record's checkpoints; keep it secret"),
        (
            ".slipway/executions/PIPELINE/NUMBER/STAGE.VISIT/ACTION.ATTEMPT/log",
            "what an action printed"
        ),
        (
            "~/.config/slipway/runners/process.yml, /etc/slipway/runners/process.yml",
            "what actions may see and use of this machine; the first that is there counts"
        ),
    ]
}
