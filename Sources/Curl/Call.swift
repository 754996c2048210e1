package import Addresses
package import HTTP

/// A request to somebody else's server.
package struct Call: Sendable, CustomStringConvertible {
    package enum Place: Hashable, Sendable {
        /// `http:` or `https:`.
        case url(String)
        /// A server behind a socket of this machine, and a target from its root.
        case socket(String, target: String)
    }

    /// Who has to have signed the certificate of a server.
    package enum Trust: Hashable, Sendable {
        /// Whom this machine trusts.
        case system
        /// The authorities in this file (PEM), and nobody else.
        case authorities(String)
    }

    package enum Proxy: Hashable, Sendable {
        case none
        /// As the environment says (`https_proxy`, `no_proxy`). The policy of addresses sees the
        /// proxy's only.
        case environment
    }

    /// How the body of the answer is taken.
    package enum Taking: Hashable, Sendable {
        /// At its end; a longer one is a failure.
        case whole(limit: Int)
        /// As it comes. When this much is waiting to be taken, the server waits too.
        case stream(buffer: Int)
    }

    /// What is sent beside the headers.
    package enum Body: Sendable {
        case bytes([UInt8])
        /// Read while it is sent, so that any length takes no memory.
        case part(FilePart)
    }

    package let method: Request.Method
    package let place: Place
    package var headers: Headers
    package var body: Body?
    package var taking = Taking.whole(limit: 16 << 20)
    package var trust = Trust.system
    package var proxy = Proxy.none
    package var addresses = AddressPolicy.anywhere
    package var connectSeconds = 10
    /// For the whole of it; nothing if it may last.
    package var seconds: Int?
    /// Given up when not a byte has come for so long.
    package var silentSeconds: Int?

    package init(
        _ method: Request.Method, _ place: Place, headers: Headers = Headers(),
        body: [UInt8]? = nil
    ) {
        self.method = method
        self.place = place
        self.headers = headers
        self.body = body.map(Body.bytes)
    }

    /// Neither headers nor query, because they hold secrets, nor the path, because it may.
    package var description: String {
        switch place {
        case .socket(let path, _): "\(method.rawValue) at '\(path)'"
        case .url(let url): "\(method.rawValue) at \(Self.origin(of: url))"
        }
    }

    /// `https://example.org:8443`, without a name and a password that may stand there.
    package static func origin(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return "an address without a scheme" }
        let authority = url[scheme.upperBound...].prefix { !"/?#\\".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
        return "\(url[..<scheme.upperBound])\(host ?? authority)"
    }
}

/// What a server has answered, to its end.
package struct Answer: Hashable, Sendable {
    package let status: Int
    package let headers: Headers
    package let body: [UInt8]
}
