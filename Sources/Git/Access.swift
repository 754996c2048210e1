/// What a remote is shown, and what it has to show.
package struct Access: Hashable, Sendable {
    package enum Credential: Hashable, Sendable {
        case nothing
        /// A token is a password too; which name goes with it is for its host to say.
        case password(user: String, secret: String)
        /// A private key as OpenSSH writes it.
        case key(user: String?, text: String, passphrase: String?)
    }

    package let credential: Credential
    /// A file of authorities whose word on certificates counts; the machine's own without one.
    package let authorities: String?
    /// The hosts that are known by ssh, as OpenSSH writes them.
    package let knownHosts: String

    package init(
        _ credential: Credential = .nothing, authorities: String? = nil, knownHosts: String = ""
    ) {
        self.credential = credential
        self.authorities = authorities
        self.knownHosts = knownHosts
    }
}

/// Nothing of it is shown by mistake.
extension Access: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        switch credential {
        case .nothing: "no credential"
        case .password: "a password"
        case .key: "a key"
        }
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
