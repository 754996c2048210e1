/// What is shown to a registry with each request. It does not show itself in any text.
package struct Pass: Hashable, Sendable, CustomStringConvertible {
    /// For the header that carries it, and for nothing else.
    package let header: String

    package var description: String { "(a pass)" }
}

extension Pass: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}
