package import Addresses
package import Curl
package import Images

/// A registry, and how it is spoken with.
package struct RegistryRoute: Sendable {
    package enum Transport: Hashable, Sendable {
        case tls(Call.Trust)
        /// Everybody on the way can read and change what is sent.
        case plain
    }

    package let host: RegistryHost
    package let transport: Transport
    package var login: Login?
    package var proxy = Call.Proxy.none
    package var addresses = AddressPolicy.anywhere
    /// How many blobs are sent at once.
    package var atOnce = 4
    /// What is sent with one request.
    package var piece = BlobPush.standardPiece
    /// How often something is tried; once by those who look again anyway.
    package var tries = Persistence.mostTries
    /// Given up when not a byte has come or gone for so long.
    package var silentSeconds = 300

    /// Without a word on it, a registry is spoken with by TLS, and only one of this machine itself,
    /// for which no authority is named, without.
    package init(
        _ host: RegistryHost, authorities: String? = nil, transport: Transport? = nil,
        login: Login? = nil
    ) {
        self.host = host
        self.login = login
        let usual: Transport = host.isLoopback ? .plain : .tls(.system)
        self.transport = transport ?? authorities.map { .tls(.authorities($0)) } ?? usual
    }

    var persistence: Persistence { Persistence(seed: .random(in: 0 ... .max), atMost: tries) }
    var root: WebPlace { host.root(isPlain: transport == .plain) }
    var trust: Call.Trust { if case .tls(let trust) = transport { trust } else { .system } }
}
