/// A text that shows itself only to whoever asks for it by name: no description, message or dump
/// of a value that holds it does.
package struct HiddenText: Hashable, Sendable, CustomStringConvertible {
    private let text: String

    package init(_ text: String) { self.text = text }

    package func reveal() -> String { text }

    package var description: String { "(hidden)" }
}

extension HiddenText: CustomDebugStringConvertible, CustomReflectable {
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
