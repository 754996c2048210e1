import Cryptography

/// Who somebody is to a registry. It does not show itself in any text.
package struct Login: Hashable, Sendable, CustomStringConvertible {
    package let user: String
    /// For whoever shows it in another way than by the header.
    package let password: String

    package init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// As a secret holds it: `user:password`.
    package init?(written: [UInt8]) {
        let parts = written.split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(
            user: String(decoding: parts[0], as: UTF8.self),
            password: String(decoding: parts[1], as: UTF8.self))
    }

    /// For the header that carries it, and for nothing else.
    package var header: String { "Basic " + Base64.text(of: Array("\(user):\(password)".utf8)) }

    package var description: String { "(a login)" }
}

extension Login: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}
