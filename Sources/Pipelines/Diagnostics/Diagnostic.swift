package import YAML

/// A mistake in a definition: where it is, what is wrong, and what to do about it.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Sendable {
        case error, warning
    }

    package let severity: Severity
    package let place: Place
    package let problem: String
    /// What was expected, or what to do.
    package let hint: String

    package init(
        _ severity: Severity = .error, at place: Place, _ problem: String, hint: String
    ) {
        self.severity = severity
        self.place = place
        self.problem = problem
        self.hint = hint
    }
}

/// All that was found while reading one file.
package struct Findings: Sendable {
    /// More than this many help nobody; the rest are counted.
    package static let shown = 100

    package private(set) var diagnostics: [Diagnostic] = []

    /// Where names stand of what lies outside, in the order they were read.
    package private(set) var mentions: [Mention] = []

    /// The time zones there are; nothing if any well-formed name is taken on its word.
    let zones: Set<String>?

    /// Words of parts that could not be read. What such a part would have made or named is not
    /// known, so that nobody says of these words that nothing stands for them.
    private(set) var lost: Set<String> = []

    package init(zones: Set<String>? = nil) { self.zones = zones }

    /// Reads on without a part that could not be read.
    mutating func lose(_ part: Node) {
        switch part.content {
        case .scalar(let word, _): lost.insert(word)
        case .sequence(let nodes): for node in nodes { lose(node) }
        case .mapping(let entries):
            for entry in entries {
                lose(entry.key)
                lose(entry.value)
            }
        }
    }

    mutating func mention(_ mention: Mention) { mentions.append(mention) }

    package mutating func error(at place: Place, _ problem: String, hint: String) {
        diagnostics.append(Diagnostic(at: place, problem, hint: hint))
    }

    package mutating func warning(at place: Place, _ problem: String, hint: String) {
        diagnostics.append(Diagnostic(.warning, at: place, problem, hint: hint))
    }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// In the order of the text. What is said twice of one place is said once.
    package var inOrder: [Diagnostic] {
        var seen = Set<Diagnostic>()
        return diagnostics.filter { seen.insert($0).inserted }.enumerated().sorted {
            ($0.element.place, $0.offset) < ($1.element.place, $1.offset)
        }.map(\.element)
    }
}
