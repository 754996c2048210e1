/// What is being written at the end of a line: found out from the declarations alone.
struct Completing {
    enum Wanted {
        case command
        case flags([Flag])
        /// A value or an operand. What of the current word stands before it is to be kept.
        case word([WordKind], after: String)
        case nothing
    }

    let wanted: Wanted
    /// The words before, as the command would read them.
    let arguments: Arguments?
    /// The command is one that asks a server, where one is meant.
    let asksServer: Bool

    /// `words` stand after `slipway`; the last of them is being written.
    init(_ words: [String], commands: [CommandWords]) {
        let current = words.last ?? ""
        guard words.count > 1, let first = words.first else {
            (wanted, arguments, asksServer) = (.command, nil, false)
            return
        }
        if first == "help" {
            (wanted, arguments, asksServer) = (words.count == 2 ? .command : .nothing, nil, false)
            return
        }
        guard let command = commands.first(where: { $0.name == first }) else {
            (wanted, arguments, asksServer) = (.nothing, nil, false)
            return
        }
        let line = Line(words.dropFirst().dropLast(), flags: command.flags)
        let arguments = try? Arguments(line.whole, flags: command.flags)
        self.arguments = arguments
        asksServer = command.flags.contains { $0.name == Flag.server.name }
        let operands = arguments?.operands ?? []
        if let value = line.open?.value {
            wanted = .word([value.kind], after: "")
        } else if !line.hasEnded, current.hasPrefix("-") {
            wanted = Self.option(current, of: command, operands)
        } else {
            wanted = Self.operand(of: command, operands, isEmpty: current.isEmpty)
        }
    }

    /// `--na`, or `--name=val`.
    private static func option(
        _ current: String, of command: CommandWords, _ operands: [String]
    ) -> Wanted {
        guard let equals = current.firstIndex(of: "=") else {
            let flags = forms(of: command, operands).flatMap(\.flags)
            return .flags(flags + [Flag("--help", "tell more of this command")])
        }
        let name = current[..<equals]
        guard let value = command.flags.first(where: { $0.name == name })?.value else {
            return .nothing
        }
        return .word([value.kind], after: String(current[...equals]))
    }

    private static func operand(
        of command: CommandWords, _ operands: [String], isEmpty: Bool
    ) -> Wanted {
        if operands.isEmpty, command.forms.contains(where: { $0.verb != nil }) {
            return .word([.oneOf(command.forms.compactMap { $0.verb?.name })], after: "")
        }
        let forms = forms(of: command, operands)
        let kinds = forms.flatMap { form in
            let place = operands.count - (form.verb == nil ? 0 : 1)
            if form.operands.indices.contains(place) { return form.operands[place].kinds }
            guard let last = form.operands.last, last.count == .many else { return [] }
            return last.kinds
        }
        if !kinds.isEmpty { return .word(kinds, after: "") }
        return isEmpty ? .flags(forms.flatMap(\.flags)) : .nothing
    }

    /// Those that the words so far allow.
    private static func forms(of command: CommandWords, _ operands: [String]) -> [Form] {
        command.forms.filter { $0.verb == nil || operands.isEmpty || $0.verb?.name == operands[0] }
    }
}

/// The words of a command before the one being written.
private struct Line {
    /// Without an option whose value is still to come.
    private(set) var whole: [String] = []
    private(set) var open: Flag?
    /// After `--` there are no more options.
    private(set) var hasEnded = false

    init(_ words: ArraySlice<String>, flags: [Flag]) {
        var rest = words
        while let word = rest.popFirst() {
            if !hasEnded, let flag = flags.first(where: { $0.name == word }), flag.value != nil {
                guard let value = rest.popFirst() else {
                    open = flag
                    return
                }
                whole += [word, value]
            } else {
                hasEnded = hasEnded || word == "--"
                whole.append(word)
            }
        }
    }
}
