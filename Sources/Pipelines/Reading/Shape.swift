package import YAML

/// How one kind of value is written: the schema says it to an editor, `read` says it to the reader,
/// and both come from one declaration.
package struct Shape<Value: Sendable>: Sendable {
    /// What messages call it: "a duration such as 20m".
    package let name: String
    package let schema: Schema
    package let read: @Sendable (Node, inout Findings) -> Value?

    package init(
        _ name: String, schema: Schema,
        read: @escaping @Sendable (Node, inout Findings) -> Value?
    ) {
        self.name = name
        self.schema = schema
        self.read = read
    }

    /// The same writing, made into something else.
    package func map<Other: Sendable>(_ change: @escaping @Sendable (Value) -> Other) -> Shape<
        Other
    > {
        let read = read
        return Shape<Other>(name, schema: schema) { node, findings in
            read(node, &findings).map(change)
        }
    }
}

extension Node {
    /// What was written here, for a message.
    package var found: String {
        switch content {
        case .scalar where isNull: "nothing"
        case .scalar(let text, _): "'\(text.count > 40 ? text.prefix(40) + "…" : text)'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// Where its text begins, if it stands in the file as it is: only a plain one-liner does.
    package func place(ofScalar offset: Int) -> Place {
        guard case .scalar(let text, let isPlain) = content, !text.contains("\n") else {
            return place
        }
        return Place(line: place.line, column: place.column + offset + (isPlain ? 0 : 1))
    }
}

// The simple shapes.
extension Shape {
    /// A text that `parse` takes or explains.
    package static func text(
        _ name: String, schema: Schema = .text,
        parse: @escaping @Sendable (String) throws(Mistake) -> Value
    ) -> Shape {
        Shape(name, schema: schema) { node, findings in
            guard case .scalar(let text, _) = node.content, !node.isNull else {
                findings.error(
                    at: node.place, "expected \(name), found \(node.found)", hint: "write \(name)")
                return nil
            }
            do throws(Mistake) {
                return try parse(text)
            } catch {
                findings.error(
                    at: node.place(ofScalar: error.offset), error.problem, hint: error.hint)
                return nil
            }
        }
    }

    /// One value, or a list of them.
    package static func oneOrMany<Element>(_ element: Shape<Element>) -> Shape
    where Value == [Element] {
        let list = Shape.list(of: element)
        return Shape(
            "\(element.name), or a list of them", schema: .any([element.schema, list.schema])
        ) {
            node, findings in
            if case .sequence = node.content { return list.read(node, &findings) }
            return element.read(node, &findings).map { [$0] }
        }
    }

    package static func list<Element>(of element: Shape<Element>) -> Shape
    where Value == [Element] {
        Shape("a list", schema: .list(element.schema)) { node, findings in
            guard case .sequence(let nodes) = node.content else {
                findings.error(
                    at: node.place, "expected a list, found \(node.found)",
                    hint: "begin each item with '- '; each is \(element.name)")
                return nil
            }
            // Those that can be read are kept, so that mistakes in what they have to do with one
            // another are found as well.
            return nodes.compactMap { node in
                let value = element.read(node, &findings)
                if value == nil { findings.lose(node) }
                return value
            }
        }
    }

    /// A mapping whose keys the author chooses.
    package static func dictionary<Key, Element>(
        keys: Shape<Key>, values: Shape<Element>
    ) -> Shape where Value == [(Key, Element)] {
        Shape("a mapping", schema: .dictionary(values.schema)) { node, findings in
            guard case .mapping(let entries) = node.content else {
                findings.error(
                    at: node.place, "expected a mapping, found \(node.found)",
                    hint: "write 'NAME: …' lines; each value is \(values.name)")
                return nil
            }
            Duplicates.check(entries, &findings)
            return entries.compactMap { entry in
                let key = keys.read(entry.key, &findings)
                let value = values.read(entry.value, &findings)
                if let key, let value { return (key, value) }
                findings.lose(entry.key)
                findings.lose(entry.value)
                return nil
            }
        }
    }

    /// A word out of a fixed set.
    package static func word(_ name: String? = nil) -> Shape
    where Value: CaseIterable & RawRepresentable<String> & Sendable {
        let values = Array(Value.allCases)
        let words = values.map(\.rawValue)
        return .text("one of \(oneOf(words))", schema: .words(words)) { text throws(Mistake) in
            if let value = values.first(where: { $0.rawValue == text }) { return value }
            let guess = Nearest.word(to: text, among: words).map { "did you mean '\($0)'? " } ?? ""
            let problem = name.map { "is no \($0)" } ?? "cannot stand here"
            throw Mistake("'\(text)' \(problem)", hint: guess + "use \(oneOf(words))")
        }
    }

    /// Written short as a scalar or a list, or in full as a mapping.
    package static func either(_ short: Shape, or full: Shape) -> Shape {
        Shape("\(short.name), or a mapping", schema: .any([short.schema, full.schema])) {
            node, findings in
            if case .mapping = node.content { return full.read(node, &findings) }
            return short.read(node, &findings)
        }
    }
}

/// Why a text is not what it should be, and where in it.
package struct Mistake: Error {
    package let offset: Int
    package let problem: String
    package let hint: String

    package init(_ problem: String, at offset: Int = 0, hint: String) {
        self.offset = offset
        self.problem = problem
        self.hint = hint
    }
}
