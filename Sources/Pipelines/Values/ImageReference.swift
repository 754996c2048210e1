import YAML

/// The name of an image: `debian:12`, `localhost:5000/tools/go@sha256:…`.
package struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    package static let maximumLength = 500
    static let hint = "write one such as 'debian:12' or 'registry.example.com/tools/go:1.22'"

    package let description: String

    package init(parsing text: String) throws(Mistake) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.first.map(Self.begins) == true }) else {
            throw Mistake("'\(text)' is no name of an image", hint: Self.hint)
        }
        try Self.check(text)
        guard text.utf8.count <= Self.maximumLength else {
            throw Mistake(
                "the name of the image has more than \(Self.maximumLength) letters",
                hint: Self.hint)
        }
        description = text
    }

    /// The letters of a name, or of a part of it.
    static func check(_ text: String) throws(Mistake) {
        for (offset, character) in text.unicodeScalars.enumerated() {
            switch character {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-", ":", "@", "/": continue
            default:
                throw Mistake(
                    "'\(text)' is no name of an image: it has '\(character)' in it", at: offset,
                    hint: hint)
            }
        }
    }

    private static func begins(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}

extension Shape where Value == Template {
    /// An image, of which a part or all may be a variable.
    package static var imageName: Shape {
        let template = Shape.template
        return Shape("an image such as 'debian:12'", schema: template.schema) { node, findings in
            guard let value = template.read(node, &findings) else { return nil }
            do throws(Mistake) {
                if value.references.isEmpty {
                    _ = try ImageReference(parsing: value.text)
                } else {
                    for case .literal(let text) in value.parts { try ImageReference.check(text) }
                }
            } catch {
                findings.error(
                    at: node.place(ofScalar: error.offset), error.problem, hint: error.hint)
                return nil
            }
            return value
        }
    }
}
