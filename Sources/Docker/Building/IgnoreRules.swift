/// What a `.dockerignore` leaves out of a build. An Engine that is sent an archive does not read
/// it: whoever makes the archive has to.
package struct IgnoreRules: Hashable, Sendable {
    private struct Rule: Hashable, Sendable {
        let pattern: PathPattern
        /// Begins with '!': what fits is in again.
        let isException: Bool
        /// The folders before its first wildcard.
        let folders: [Substring]
    }

    private let rules: [Rule]

    /// The files that may hold the rules for a Dockerfile; the first that is there counts alone.
    package static func files(for dockerfile: String) -> [String] {
        ["\(dockerfile).dockerignore", ".dockerignore"]
    }

    /// The Dockerfile itself is always sent.
    package init(_ text: String, dockerfile: String) throws(BuildProblem) {
        var rules: [Rule] = []
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            // An editor's mark of UTF-8 may stand before the first.
            let line = String(String.UnicodeScalarView(line.drop { $0.value == 0xFEFF }))
            guard !line.hasPrefix("#") else { continue }
            var words = Self.trimmed(line)
            let isException = words.hasPrefix("!")
            if isException { words = Self.trimmed(words.dropFirst()) }
            let parts = Self.cleaned(words)
            let pattern = PathPattern(parts.joined(separator: "/"))
            guard let pattern, !isException || !words.isEmpty else {
                throw .unfit(
                    "line \(index + 1) of the ignore file, '\(BuildText.visible(line))', is no "
                        + "pattern",
                    hint: "close its '[', and let something follow its '\\' and its '!'")
            }
            guard !parts.isEmpty else { continue }
            let folders = Self.plain(parts)
            rules.append(Rule(pattern: pattern, isException: isException, folders: folders))
        }
        let parts = Self.cleaned(dockerfile[...])
        let escaped = parts.map { $0.map { "\\\($0)" }.joined() }.joined(separator: "/")
        if let own = PathPattern(escaped) {
            rules.append(Rule(pattern: own, isException: true, folders: parts))
        }
        self.rules = rules
    }

    /// Whether what is at a path from the root belongs to the build.
    package func keeps(_ path: String) -> Bool {
        rules.last { $0.pattern.fits(path) }?.isException ?? true
    }

    /// Whether something below a folder may belong to it although the folder does not.
    package func mayKeep(below folder: String) -> Bool {
        let parts = folder.split(separator: "/")
        return rules.contains { rule in
            rule.isException && zip(rule.folders, parts).allSatisfy { $0 == $1 }
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> Substring {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        var rest = Substring(text).drop(while: isSpace)
        while rest.last.map(isSpace) == true { rest.removeLast() }
        return rest
    }

    /// Without '.', '..' and what they go back over.
    private static func cleaned(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts
    }

    private static func plain(_ parts: [Substring]) -> [Substring] {
        Array(parts.prefix { part in !part.contains { "*?[\\".contains($0) } })
    }
}
