package import YAML

/// A value and where it was written, so that what is found out later can still point at it.
package struct Located<Value: Hashable & Sendable>: Hashable, Sendable {
    package let value: Value
    package let place: Place

    package init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }

    /// Where something stands does not change what it is.
    package static func == (left: Self, right: Self) -> Bool { left.value == right.value }
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension Shape where Value: Hashable & Sendable {
    package var located: Shape<Located<Value>> {
        let read = read
        return Shape<Located<Value>>(name, schema: schema) { node, findings in
            read(node, &findings).map { Located($0, at: node.place) }
        }
    }
}
