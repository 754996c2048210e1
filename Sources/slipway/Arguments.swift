import Pipelines

/// Words on the line that do not make sense, and what would.
struct UsageError: Error {
    let problem: String
    let hint: String

    init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }
}

/// The words after a command, told apart.
struct Arguments {
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]

    init(_ words: [String], flags: [Flag]) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let flag = flags.first(where: { $0.name == name }) else {
                throw Self.unknown(name, among: flags)
            }
            if flag.value != nil {
                guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                    throw UsageError("'\(name)' needs a value", hint: "write '\(flag.written)'")
                }
                values[name, default: []].append(value)
            } else {
                guard parts.count == 1 else {
                    throw UsageError("'\(name)' takes no value", hint: "write '\(name)' alone")
                }
                values[name] = []
            }
        }
    }

    func has(_ flag: String) -> Bool { values[flag] != nil }

    /// The last, where it was given several times.
    func value(of flag: String) -> String? { values[flag]?.last }

    /// All that were given, in order.
    func values(of flag: String) -> [String] { values[flag] ?? [] }

    /// Values written `NAME=VALUE`, each name once.
    func pairs(of flag: String, example: String) throws(UsageError) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for text in values(of: flag) {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw UsageError(
                    "'\(flag) \(Report.visible(text))' has no name and value",
                    hint: "write '\(flag) \(example)'")
            }
            let name = String(text[..<equals])
            guard !pairs.contains(where: { $0.0 == name }) else {
                throw UsageError(
                    "'\(flag) \(Report.visible(name))' is given twice", hint: "keep one of them")
            }
            pairs.append((name, String(text[text.index(after: equals)...])))
        }
        return pairs
    }

    func requireNoOperands() throws(UsageError) {
        guard let first = operands.first else { return }
        throw UsageError("'\(Report.visible(first))' is one word too many", hint: "take it away")
    }

    private static func unknown(_ name: String, among flags: [Flag]) -> UsageError {
        let names = flags.map(\.name) + ["--help"]
        let guess = Nearest.word(to: name, among: names).map { "did you mean '\($0)'? " } ?? ""
        // More than a few would hide the one that was meant.
        let all = names.count > 4 ? "'--help' tells them all" : "there are \(oneOf(names))"
        return UsageError("there is no option '\(Report.visible(name))'", hint: guess + all)
    }
}
