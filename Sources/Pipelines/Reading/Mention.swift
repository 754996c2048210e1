package import YAML

/// A place where a definition names what it does not hold itself, and what only whoever takes it in
/// can look for.
package struct Mention: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case runner, secret
        /// A pipeline that is followed.
        case pipeline
        /// Somebody whose word an approval wants: a person, or a role.
        case approver
    }

    package let kind: Kind
    package let name: String
    package let place: Place

    package init(_ kind: Kind, _ name: String, at place: Place) {
        self.kind = kind
        self.name = name
        self.place = place
    }
}

extension Shape where Value: CustomStringConvertible {
    /// The same, and what was read is noted as such a name.
    package func mentioned(as kind: Mention.Kind) -> Shape {
        let read = read
        return Shape(name, schema: schema) { node, findings in
            let value = read(node, &findings)
            if let value { findings.mention(Mention(kind, value.description, at: node.place)) }
            return value
        }
    }
}
