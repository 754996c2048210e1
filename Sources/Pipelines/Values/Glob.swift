/// A pattern over paths, branches or tags: `*` within one part, `**` across parts, `?` one
/// character, `[a-z]` and `[!a-z]` one of a set, `{a,b}` one of several, `\` takes the next one as
/// it is. A leading `!` makes it exclude.
package struct Glob: Hashable, Sendable {
    package static let maximumLength = 255
    /// How many patterns the braces of one may stand for.
    static let maximumAlternatives = 64

    package let text: String
    package let excludes: Bool
    private let alternatives: [[Token]]

    enum Token: Hashable, Sendable {
        case literal(Unicode.Scalar)
        case any
        case anyInPart
        case anything
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    /// It matches one text only, which is its own.
    package var isPlain: Bool {
        alternatives.count == 1
            && alternatives[0].allSatisfy { if case .literal = $0 { true } else { false } }
    }

    package init(parsing text: String) throws(Mistake) {
        guard text.unicodeScalars.count <= Self.maximumLength else {
            throw Mistake(
                "the pattern has more than \(Self.maximumLength) characters",
                hint: "split it into several")
        }
        var scalars = Array(text.unicodeScalars)
        excludes = scalars.first == "!"
        if excludes { scalars.removeFirst() }
        guard !scalars.isEmpty else {
            throw Mistake("the pattern is empty", hint: "write '**' for everything")
        }
        self.text = text
        alternatives = try GlobReader.read(scalars, offset: excludes ? 1 : 0)
    }

    /// Whether the pattern itself fits, whatever `excludes` makes of that.
    package func matches(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        return alternatives.contains { Self.matches($0, scalars) }
    }

    /// All states at once, so that no pattern takes longer than its length times that of the name.
    private static func matches(_ tokens: [Token], _ name: [Unicode.Scalar]) -> Bool {
        var states = closure(of: [0], tokens)
        for scalar in name {
            var next = Set<Int>()
            for state in states where state < tokens.count {
                switch tokens[state] {
                case .literal(let wanted): if wanted == scalar { next.insert(state + 1) }
                case .any: if scalar != "/" { next.insert(state + 1) }
                case .anyInPart: if scalar != "/" { next.insert(state) }
                case .anything: next.insert(state)
                case .set(let ranges, let isNegated):
                    if scalar != "/", ranges.contains(where: { $0.contains(scalar) }) != isNegated {
                        next.insert(state + 1)
                    }
                }
            }
            states = closure(of: next, tokens)
            if states.isEmpty { return false }
        }
        return states.contains(tokens.count)
    }

    /// Adds the states that are reached without a character: a star may stand for nothing.
    private static func closure(of states: Set<Int>, _ tokens: [Token]) -> Set<Int> {
        var all = states
        var open = Array(states)
        while let state = open.popLast() {
            guard state < tokens.count else { continue }
            switch tokens[state] {
            case .anyInPart, .anything:
                if all.insert(state + 1).inserted { open.append(state + 1) }
            default: break
            }
        }
        return all
    }
}

extension [Glob] {
    /// Whether a name is let through: by any that includes, unless one excludes it. Without any
    /// that includes, everything is that is not excluded.
    package func admit(_ name: String) -> Bool {
        if contains(where: { $0.excludes && $0.matches(name) }) { return false }
        let including = filter { !$0.excludes }
        return including.isEmpty || including.contains { $0.matches(name) }
    }
}

extension Glob: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do throws(Mistake) {
            try self.init(parsing: text)
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.problem))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Shape where Value == Glob {
    package static var glob: Shape {
        .text("a pattern such as 'src/**'") { text throws(Mistake) in try Glob(parsing: text) }
    }
}
