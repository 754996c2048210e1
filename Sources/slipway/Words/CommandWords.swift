/// All that there is to say of a command. Its help, its part of the manual page and the completions
/// are made from this, and its line is read by it, so that none of them can drift.
struct CommandWords {
    let name: String
    /// One line, of what it does, for lists.
    let about: String
    let forms: [Form]
    /// Paragraphs. Words for a shell stand in backquotes, names in single quotes.
    let prose: [String]
    let examples: [Example]
    let exits: [Exit]

    init(
        _ name: String, _ about: String, forms: [Form], prose: [String], examples: [Example],
        exits: [Exit]
    ) {
        self.name = name
        self.about = about
        self.forms = forms
        self.prose = prose
        self.examples = examples
        self.exits = exits
    }

    /// The options of all forms, each once.
    var flags: [Flag] {
        forms.flatMap(\.flags).reduce(into: []) { all, flag in
            if !all.contains(where: { $0.name == flag.name }) { all.append(flag) }
        }
    }

    /// A line to type, and what comes of it.
    struct Example {
        let line: String
        let about: String

        init(_ line: String, _ about: String) {
            self.line = line
            self.about = about
        }
    }

    struct Exit {
        let code: Int32
        let meaning: String

        init(_ code: Int32, _ meaning: String) {
            self.code = code
            self.meaning = meaning
        }
    }
}

/// One way to write a command: `slipway audit export --home DIR FOLDER`.
struct Form {
    /// The word that tells this form from others, and what it does; most commands have one form.
    let verb: Verb?
    /// Of each of these, one has to be given.
    let needed: [[Flag]]
    let optional: [Flag]
    let operands: [Operand]

    struct Verb {
        let name: String
        let about: String
    }

    init(
        _ verb: String? = nil, _ about: String = "", needs needed: [[Flag]] = [],
        takes optional: [Flag] = [], operands: [Operand] = []
    ) {
        self.verb = verb.map { Verb(name: $0, about: about) }
        self.needed = needed
        self.optional = optional
        self.operands = operands
    }

    var flags: [Flag] { needed.joined() + optional }

    /// The usage line, in parts between which it may be broken.
    func usage(of command: String) -> [String] {
        let needed = needed.map { group in
            let words = group.map(\.written).joined(separator: " | ")
            return group.count == 1 ? words : "(\(words))"
        }
        // Many options would hide what matters; they are listed further down.
        let shown = optional.count > 5 ? ["[OPTION …]"] : optional.map { "[\($0.written)]" }
        return ["slipway \(command)" + (verb.map { " \($0.name)" } ?? "")] + needed + shown
            + operands.map(\.written)
    }
}

extension [CommandWords.Exit] {
    static let usual: [CommandWords.Exit] = [
        .init(ExitCode.success, "done"), .init(ExitCode.usage, "a mistake in usage"),
        .init(ExitCode.host, "it could not be done"),
    ]
}
