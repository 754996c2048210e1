import Cryptography

/// Who somebody is to a registry. It does not show itself in any text.
package struct Login: Hashable, Sendable, CustomStringConvertible {
    package let user: String
    private let password: String

    package init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// For the header that carries it, and for nothing else.
    package var header: String { "Basic " + Base64.text(of: Array("\(user):\(password)".utf8)) }

    package var description: String { "(a login)" }
}

extension Login: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}
