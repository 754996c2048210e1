package import YAML

/// A text with `#{namespace.name}` in it, to be replaced when an action starts. `##{` stands for
/// `#{`.
package struct Template: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        case literal(String)
        case reference(Reference)
    }

    package struct Reference: Hashable, Sendable, CustomStringConvertible {
        package let namespace: String
        package let name: VariableName
        package let place: Place

        package var description: String { "#{\(namespace).\(name)}" }

        package static func == (left: Self, right: Self) -> Bool {
            left.namespace == right.namespace && left.name == right.name
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(namespace)
            hasher.combine(name)
        }
    }

    package let parts: [Part]

    package var references: [Reference] {
        parts.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }

    /// As it was written.
    package var text: String {
        parts.map { part in
            switch part {
            case .literal(let text): text.replacing("#{", with: "##{")
            case .reference(let reference): reference.description
            }
        }.joined()
    }

    package func filled(_ value: (VariableName, String) -> String) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .reference(let reference): value(reference.name, reference.namespace)
            }
        }.joined()
    }
}

extension Template {
    /// The same with another value of whoever is named.
    package func naming(_ name: VariableName) -> Template {
        Template(
            parts: parts.map { part in
                guard case .reference(let reference) = part else { return part }
                return .reference(
                    Reference(namespace: reference.namespace, name: name, place: reference.place))
            })
    }
}

extension Shape where Value == Template {
    package static var template: Shape {
        Shape("a text", schema: .text) { node, findings in
            guard case .scalar(let text, _) = node.content, !node.isNull else {
                findings.error(
                    at: node.place, "expected a text, found \(node.found)",
                    hint: "write a text; '#{namespace.name}' in it is replaced")
                return nil
            }
            do throws(Mistake) {
                return try Template(parsing: text) { node.place(ofScalar: $0) }
            } catch {
                findings.error(
                    at: node.place(ofScalar: error.offset), error.problem, hint: error.hint)
                return nil
            }
        }
    }
}

extension Template {
    private static let hint =
        "write '#{variables.NAME}', '#{SOURCE.commit}' or '#{ACTION.OUTPUT}'; '##{' stands for '#{'"

    /// `place` tells where a scalar of the text stands in the file.
    package init(parsing text: String, place: (Int) -> Place) throws(Mistake) {
        guard text.contains("#{") else {
            parts = [.literal(text)]
            return
        }
        let scalars = Array(text.unicodeScalars)
        var parts: [Part] = []
        var literal = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            guard scalars[index] == "#", index + 1 < scalars.count else {
                literal.append(scalars[index])
                index += 1
                continue
            }
            if scalars[index + 1] == "#", index + 2 < scalars.count, scalars[index + 2] == "{" {
                literal.append(contentsOf: "#{".unicodeScalars)
                index += 3
            } else if scalars[index + 1] == "{" {
                guard let end = scalars[index...].firstIndex(of: "}") else {
                    throw Mistake("'#{' is not closed", at: index, hint: Self.hint)
                }
                if !literal.isEmpty { parts.append(.literal(String(literal))) }
                literal = String.UnicodeScalarView()
                let inside = scalars[(index + 2)..<end]
                parts.append(.reference(try Self.reference(inside, at: index, place(index))))
                index = end + 1
            } else {
                literal.append(scalars[index])
                index += 1
            }
        }
        if !literal.isEmpty { parts.append(.literal(String(literal))) }
        self.parts = parts
    }

    private static func reference(
        _ inside: ArraySlice<Unicode.Scalar>, at offset: Int, _ place: Place
    ) throws(Mistake) -> Reference {
        // Names of variables have no dot, names of actions may: the last one divides.
        guard let dot = inside.lastIndex(of: ".") else {
            throw Mistake(
                "'#{\(text(inside))}' has no '.' between a namespace and a name", at: offset,
                hint: hint)
        }
        let namespace = text(inside[..<dot])
        guard let name = VariableName(text(inside[(dot + 1)...])),
            NameRule.problem(in: namespace) == nil
        else {
            throw Mistake(
                "'#{\(text(inside))}' is no namespace and name", at: offset, hint: hint)
        }
        return Reference(namespace: namespace, name: name, place: place)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
