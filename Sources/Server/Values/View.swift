package import JSON
import Zones

/// How something is shown as a JSON object. What is written and the schema that describes it come
/// from this one declaration, so that neither can say what the other does not.
package struct View<Subject>: Sendable {
    let name: String
    let about: String
    let members: [Member]

    init(_ name: String, _ about: String, _ members: [Member]) {
        self.name = name
        self.about = about
        self.members = members
    }

    struct Member: Sendable {
        let name: String
        let about: String
        let shape: JSONShape
        let parts: [NamedShape]
        let value: @Sendable (Subject) -> JSON
    }

    package func json(_ subject: Subject) -> JSON {
        .object(members.map { JSON.Member($0.name, $0.value(subject)) })
    }

    package var named: NamedShape {
        let properties = members.map { member in
            JSON.Member(
                member.name,
                .object([.init("description", .string(member.about))] + member.shape.members))
        }
        return NamedShape(
            name: name,
            shape: JSONShape([
                "type": "object", "description": .string(about),
                "properties": .object(properties),
                "required": .array(members.map { .string($0.name) }),
            ]), parts: members.flatMap(\.parts))
    }
}

extension JSONShape {
    fileprivate var members: [JSON.Member] {
        if case .object(let members) = json { members } else { [] }
    }
}

extension View.Member {
    static func text(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> String
    ) -> Self {
        Self(name: name, about: about, shape: .text, parts: []) { .string(value($0)) }
    }

    static func optionalText(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> String?
    ) -> Self {
        Self(name: name, about: about, shape: .text.orNull(), parts: []) {
            value($0).map { .string($0) } ?? .null
        }
    }

    static func texts(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> [String]
    ) -> Self {
        Self(name: name, about: about, shape: .list(of: .text), parts: []) {
            .array(value($0).map(JSON.string))
        }
    }

    static func word(
        _ name: String, _ about: String, among words: [String],
        _ value: @escaping @Sendable (Subject) -> String
    ) -> Self {
        Self(name: name, about: about, shape: .words(words), parts: []) { .string(value($0)) }
    }

    static func count(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> Int
    ) -> Self {
        Self(name: name, about: about, shape: .count, parts: []) { .int(value($0)) }
    }

    static func optionalCount(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> Int?
    ) -> Self {
        Self(name: name, about: about, shape: .count.orNull(), parts: []) {
            value($0).map { .int($0) } ?? .null
        }
    }

    static func truth(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> Bool
    ) -> Self {
        Self(name: name, about: about, shape: .truth, parts: []) { .bool(value($0)) }
    }

    /// In milliseconds since 1970.
    static func time(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> Int?
    ) -> Self {
        Self(name: name, about: about, shape: .time.orNull(), parts: []) {
            value($0).map { .string(Timestamp.text(milliseconds: Int64($0))) } ?? .null
        }
    }

    static func dictionary(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> [String: String]
    ) -> Self {
        Self(name: name, about: about, shape: .dictionary(of: .text), parts: []) { subject in
            let values = value(subject).sorted { $0.key < $1.key }
            return .object(values.map { JSON.Member($0.key, .string($0.value)) })
        }
    }

    /// An object whose members are not the same each time.
    static func object(
        _ name: String, _ about: String, _ value: @escaping @Sendable (Subject) -> JSON
    ) -> Self {
        Self(
            name: name, about: about, shape: JSONShape(["type": "object"]), parts: [], value: value)
    }

    static func list<Element>(
        _ name: String, _ about: String, of view: View<Element>,
        _ value: @escaping @Sendable (Subject) -> [Element]
    ) -> Self {
        Self(name: name, about: about, shape: .list(of: .named(view.name)), parts: [view.named]) {
            .array(value($0).map(view.json))
        }
    }

    static func optional<Part>(
        _ name: String, _ about: String, of view: View<Part>,
        _ value: @escaping @Sendable (Subject) -> Part?
    ) -> Self {
        Self(name: name, about: about, shape: .named(view.name).orNull(), parts: [view.named]) {
            value($0).map(view.json) ?? .null
        }
    }
}

/// A part of a list, and how to go on.
struct Page<Element> {
    let items: [Element]
    /// The cursor of the next part; nothing behind the last.
    let next: String?
}

extension View {
    /// A list of these, in parts.
    var page: View<Page<Subject>> {
        View<Page<Subject>>(
            "\(name)List", "A part of a list of these.",
            [
                .list("items", "In order.", of: self) { $0.items },
                .optionalText("next", "What to give as `after` for the next part; null at the end.")
                { $0.next },
            ])
    }
}
