package import YAML

/// The keys of one mapping while they are read, or, with no mapping at hand, while they are
/// described.
///
/// Whoever declares a mapping asks for its keys one by one, all of them before looking at any
/// value. That makes the one declaration serve twice: over a document it reads, and over nothing it
/// lists what it would have read.
package struct Keys {
    /// What was asked for so far; its shapes are told only when nothing is read.
    private var asked: [String] = []
    private var described: [Schema.Key] = []
    package var findings: Findings
    package let place: Place
    private let entries: [String: Entry]
    private var kinds: [String] = []
    private var companions: [String: Set<String>] = [:]
    /// Set by a kind, for the message about a key that belongs to another kind.
    var noun = "this"
    /// The mapping is wrong as a whole, so what its keys should have been is anybody's guess.
    var ignoreUnknown = false

    init(_ entries: [String: Entry], at place: Place, _ findings: Findings) {
        self.entries = entries
        self.place = place
        self.findings = findings
    }

    package mutating func optional<Value>(
        _ name: String, _ shape: @autoclosure () -> Shape<Value>, about: String
    ) -> Value? {
        read(name, shape, about: about, isRequired: false)
    }

    package mutating func required<Value>(
        _ name: String, _ shape: @autoclosure () -> Shape<Value>, about: String
    ) -> Value? {
        if !isDescribing, entries[name] == nil {
            findings.error(
                at: place, "'\(name)' is missing",
                hint: "add '\(name):' with \(shape().name) (\(about))")
        }
        return read(name, shape, about: about, isRequired: true)
    }

    /// The key is there, whatever its value.
    package func has(_ name: String) -> Bool { entries[name] != nil }

    /// A list or a mapping with nothing in it. Of one whose items could not be read this is not so.
    func isEmpty(_ name: String) -> Bool {
        switch entries[name]?.value.content {
        case .sequence(let nodes): nodes.isEmpty
        case .mapping(let entries): entries.isEmpty
        default: false
        }
    }

    package func place(of name: String) -> Place { entries[name]?.value.place ?? place }

    package func keyPlace(of name: String) -> Place { entries[name]?.key.place ?? place }

    /// `companions` are, for a kind, keys of other kinds that are none beside it.
    package mutating func name(kinds: [String], companions: [String: Set<String>] = [:]) {
        self.kinds = kinds
        self.companions = companions
    }

    /// The key of a kind that is here only beside that of another.
    func isCompanion(_ name: String) -> Bool {
        guard case .scalar = entries[name]?.value.content else { return false }
        return companions.contains { kind, keys in has(kind) && keys.contains(name) }
    }

    var isDescribing: Bool { place.line == 0 }

    private mutating func read<Value>(
        _ name: String, _ shape: () -> Shape<Value>, about: String, isRequired: Bool
    ) -> Value? {
        asked.append(name)
        if isDescribing {
            described.append(
                .init(name: name, about: about, schema: shape().schema, isRequired: isRequired))
        }
        // Most keys are not there, and then nobody needs to know how they would be written.
        guard let entry = entries[name] else { return nil }
        let value = shape().read(entry.value, &findings)
        if value == nil { findings.lose(entry.value) }
        return value
    }

    /// The keys that nobody has asked for so far.
    func unasked(but others: [String]) -> [String] {
        let known = Set(asked + others)
        return entries.keys.filter { !known.contains($0) }.sorted()
    }

    /// Objects to keys that nobody asked for.
    mutating func finish() {
        if ignoreUnknown { return }
        for (name, entry) in entries where !asked.contains(name) {
            let known = asked
            let guess = Nearest.word(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
            let problem =
                Self.everywhere.contains(name)
                ? "\(noun) has no '\(name)'" : "unknown key '\(name)'"
            findings.error(
                at: entry.key.place, problem,
                hint: guess + "the keys here are \(oneOf(known.sorted()))")
        }
    }

    func mapping(about: String) -> Schema.Mapping {
        Schema.Mapping(about: about, keys: described, kinds: kinds, companions: companions)
    }

    /// Keys that some kind of action knows, so that elsewhere they are out of place, not misspelt.
    private static let everywhere: Set<String> = [
        "inputs", "outputs", "caches", "environment", "secrets", "reports", "exports", "limits",
        "runner", "network", "strategy", "by", "within",
    ]
}

extension Shape {
    /// A mapping with fixed keys. `body` asks for every key before it looks at any value.
    package static func mapping(
        about: String, _ body: @escaping @Sendable (inout Keys) -> Value?
    ) -> Shape {
        var keys = Keys([:], at: Place(line: 0, column: 0), Findings())
        _ = body(&keys)
        return Shape("a mapping", schema: .mapping(keys.mapping(about: about))) { node, findings in
            guard case .mapping(let written) = node.content else {
                findings.error(
                    at: node.place, "expected a mapping, found \(node.found)",
                    hint: "write 'key: value' lines, indented below")
                return nil
            }
            guard let entries = Merging.entries(of: written, &findings) else { return nil }
            var keys = Keys(entries, at: node.place, findings)
            // A mistake beside it leaves a value whole, so that what follows from it is checked
            // too.
            let value = body(&keys)
            keys.finish()
            findings = keys.findings
            return value
        }
    }
}
