/// Opens at once, if a value is what it should be.
package struct ValueGate: GateKind {
    package static let key = "value"
    package static let about = "a text with '#{…}' that is compared"

    package let comparison: Comparison

    package var opening: Opening { .comparison(comparison) }
    package var templates: [Template] { [comparison.value] }
    package var summary: String {
        "if \(comparison.value.text) \(comparison.relation.rawValue) '\(comparison.other)'"
    }

    package static func read(_ keys: inout Keys) -> ValueGate? {
        let value = keys.required(key, .template, about: about)
        let words = Comparison.Relation.allCases
        let given = words.map { relation in
            let text = keys.optional(
                relation.rawValue, .string, about: "what the value has to be held against")
            return text.map { (relation, $0) }
        }.compactMap(\.self)
        let named = words.filter { keys.has($0.rawValue) }
        if !keys.isDescribing, named.count != 1 {
            let count = named.isEmpty ? "none" : "\(named.count)"
            keys.findings.error(
                at: keys.place, "a value is held against one text, not \(count)",
                hint: "add one of \(oneOf(words.map(\.rawValue)))")
        }
        if let (relation, other) = given.first, relation == .matches {
            do throws(Mistake) { _ = try Glob(parsing: other) } catch {
                keys.findings.error(
                    at: keys.place(of: relation.rawValue), error.problem, hint: error.hint)
            }
        }
        guard let value, let (relation, other) = given.first else { return nil }
        return ValueGate(comparison: Comparison(value: value, relation: relation, other: other))
    }
}
