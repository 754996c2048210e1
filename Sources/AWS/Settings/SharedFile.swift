/// One of the files that AWS's own tools read (`~/.aws/config`), as Python's `configparser` reads
/// it for them: names of keys in small letters, comments in lines of their own alone, a line
/// further in goes on with the value before.
struct SharedFile: Hashable {
    struct Section: Hashable {
        let name: String
        var values: [String: String]
    }

    private(set) var sections: [Section] = []
    /// What stands in `[DEFAULT]` counts in every section.
    private var shared: [String: String] = [:]

    static let empty = SharedFile()

    private init() {}

    /// A mistake is told by its line and never by what stands there, which may be a secret.
    init(parsing text: String, path: String) throws(AWSProblem) {
        var reader = Reader(path: path)
        // CR LF is one `Character`, and Windows writes a mark before the first of them.
        var rest = text.unicodeScalars[...]
        if rest.first == "\u{FEFF}" { rest = rest.dropFirst() }
        for line in rest.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.last == "\r" ? line.dropLast() : line
            try reader.take(String(line))
        }
        reader.endSection()
        for section in reader.sections {
            if section.name == "DEFAULT" {
                shared = section.values
            } else {
                sections.append(section)
            }
        }
    }

    func values(of section: Section) -> [String: String] {
        shared.merging(section.values) { _, own in own }
    }

    /// What a value of several lines holds: keys with values of their own.
    static func nested(_ value: String) -> [String: String] {
        guard value.hasPrefix("\n") else { return [:] }
        return value.split(separator: "\n").reduce(into: [:]) { nested, line in
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { nested[trimmed(parts[0])] = trimmed(parts[1]) }
        }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        let isSpace: (Unicode.Scalar) -> Bool = {
            $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n"
        }
        let scalars = text.unicodeScalars.drop(while: isSpace).reversed().drop(while: isSpace)
        return String(String.UnicodeScalarView(scalars.reversed()))
    }
}

private struct Reader {
    private(set) var sections: [SharedFile.Section] = []
    private let path: String
    private var section: SharedFile.Section?
    private var key: String?
    private var lines: [String] = []
    private var indent = 0
    private var number = 0

    init(path: String) { self.path = path }

    mutating func take(_ line: String) throws(AWSProblem) {
        number += 1
        let text = SharedFile.trimmed(line)
        if text.hasPrefix("#") || text.hasPrefix(";") { return }
        guard !text.isEmpty else {
            if key != nil { lines.append("") }
            return
        }
        let own = line.prefix { $0 == " " || $0 == "\t" }.count
        if key != nil, own > indent {
            lines.append(text)
            return
        }
        indent = own
        if text.hasPrefix("["), let end = text.lastIndex(of: "]") {
            try begin(String(text[text.index(after: text.startIndex)..<end]))
        } else {
            try set(text)
        }
    }

    mutating func endSection() {
        endKey()
        if let section { sections.append(section) }
        section = nil
    }

    private mutating func begin(_ name: String) throws(AWSProblem) {
        endSection()
        guard !name.isEmpty, !sections.contains(where: { $0.name == name }) else {
            throw mistake("a section has no name, or stands there twice", "name each once")
        }
        section = SharedFile.Section(name: name, values: [:])
    }

    private mutating func set(_ text: String) throws(AWSProblem) {
        endKey()
        guard let section else {
            throw mistake("something stands before the first section", "begin with '[default]'")
        }
        guard let sign = text.firstIndex(where: { $0 == "=" || $0 == ":" }),
            sign != text.startIndex
        else {
            throw mistake(
                "there is neither a section nor a key with a value", "write 'key = value'")
        }
        let name = SharedFile.trimmed(text[..<sign]).lowercased()
        guard section.values[name] == nil else {
            throw mistake("the key '\(name)' stands twice in its section", "leave one out")
        }
        key = name
        lines = [SharedFile.trimmed(text[text.index(after: sign)...])]
    }

    private mutating func endKey() {
        guard let key else { return }
        while lines.last == "" { lines.removeLast() }
        section?.values[key] = lines.joined(separator: "\n")
        self.key = nil
    }

    private func mistake(_ problem: String, _ hint: String) -> AWSProblem {
        AWSProblem(.settings, "\(path):\(number): \(problem)", hint: hint)
    }
}
