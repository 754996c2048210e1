/// The instructions of a Dockerfile in their order: lines that go on are joined, comments and what
/// a heredoc holds are left out.
struct DockerfileInstructions {
    struct Instruction {
        let line: Int
        /// In capitals.
        let name: String
        let words: [String]

        /// The values of an option, as in `--from=base`.
        func options(_ name: String) -> [String] {
            let start = "--\(name)="
            return words.prefix { $0.hasPrefix("--") }.filter { $0.hasPrefix(start) }
                .map { String($0.dropFirst(start.count)) }
        }

        /// What is said after the options.
        var rest: [String] { Array(words.drop { $0.hasPrefix("--") }) }
    }

    private(set) var all: [Instruction] = []
    /// What is to read it instead of the builder, as its first lines say.
    private(set) var frontend: String?
    private(set) var escape: Character = "\\"

    init(_ bytes: [UInt8]) {
        // By bytes: to Swift, a carriage return and a line feed are one character.
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self).trimmed }
        if lines[0].unicodeScalars.first == "\u{FEFF}" { lines[0].unicodeScalars.removeFirst() }
        var next = readDirectives(lines)
        while next < lines.count { next = readInstruction(lines, at: next) }
    }

    /// `# syntax=…` and its like, which count only before anything else.
    private mutating func readDirectives(_ lines: [String]) -> Int {
        for (index, line) in lines.enumerated() {
            guard line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { return index }
            let key = String(line[..<equals].dropFirst()).trimmed.lowercased()
            let value = String(line[line.index(after: equals)...]).trimmed
            switch key {
            case "syntax": frontend = value
            case "escape": escape = value == "`" ? "`" : "\\"
            case "check": continue
            default: return index
            }
        }
        return lines.count
    }

    private mutating func readInstruction(_ lines: [String], at first: Int) -> Int {
        var text = ""
        var index = first
        while index < lines.count {
            let line = lines[index]
            index += 1
            if line.isEmpty || line.hasPrefix("#") {
                if text.isEmpty { return index }
                continue
            }
            guard line.last == escape else {
                text += line
                break
            }
            text += line.dropLast() + " "
        }
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let name = words.first?.uppercased() else { return index }
        all.append(Instruction(line: first + 1, name: name, words: Array(words.dropFirst())))
        guard ["RUN", "COPY", "ADD"].contains(name) else { return index }
        return Self.endOfHeredocs(in: text, lines, from: index)
    }

    /// The line after all that such an instruction brings along; the next where none of it ends.
    private static func endOfHeredocs(in text: String, _ lines: [String], from start: Int) -> Int {
        var index = start
        for part in text.split(separator: "<<", omittingEmptySubsequences: false).dropFirst() {
            let word = part.drop { $0 == "-" || $0 == "\"" || $0 == "'" }
                .prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard word.first.map({ !$0.isNumber }) == true,
                let end = lines[index...].firstIndex(of: String(word))
            else { continue }
            index = end + 1
        }
        return index
    }
}

extension String {
    /// Without blanks around it.
    fileprivate var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in [" ", "\t", "\r"].contains(scalar) }
        var scalars = unicodeScalars[...].drop(while: isBlank)
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return String(scalars)
    }
}
