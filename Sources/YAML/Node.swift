/// A piece of a document, with the place it was written at.
package struct Node: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case scalar(String, isPlain: Bool)
        case sequence([Node])
        case mapping([Entry])
    }

    package let content: Content
    package let place: Place
    /// How many nodes it is made of, aliases counted as what they stand for.
    let size: Int

    package init(_ content: Content, at place: Place) {
        self.content = content
        self.place = place
        size =
            switch content {
            case .scalar: 1
            case .sequence(let nodes): nodes.reduce(1) { $0 + $1.size }
            case .mapping(let entries): entries.reduce(1) { $0 + $1.key.size + $1.value.size }
            }
    }

    /// Nothing was written where a value could have been.
    package var isNull: Bool {
        if case .scalar(let text, isPlain: true) = content {
            text.isEmpty || text == "~" || text == "null"
        } else {
            false
        }
    }
}

package struct Entry: Hashable, Sendable {
    package let key: Node
    package let value: Node

    package init(key: Node, value: Node) {
        self.key = key
        self.value = value
    }
}

/// A line and a column, both counted from 1, columns in characters.
package struct Place: Hashable, Sendable, Comparable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// Why a text is no document.
package struct YAMLError: Error, Hashable, Sendable {
    package let place: Place
    package let problem: String
    package let hint: String

    package init(_ place: Place, _ problem: String, hint: String) {
        self.place = place
        self.problem = problem
        self.hint = hint
    }
}
