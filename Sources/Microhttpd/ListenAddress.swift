package import Addresses

/// Where a server listens: an address of this machine and a port, of which 0 is any that is free.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// Nothing for all of this machine's.
    package let host: IPAddress?
    package let port: UInt16

    package init(host: IPAddress?, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` and `:8080`, which is all of them.
    package init(parsing text: String) throws(ServerProblem) {
        let colon = text.lastIndex(of: ":")
        guard let colon, let port = UInt16(text[text.index(after: colon)...]) else {
            throw Self.problem(with: text, "has no port at its end")
        }
        self.port = port
        let name = text[..<colon]
        switch name {
        case "", "*": host = nil
        case "localhost": host = IPAddress("127.0.0.1")
        case _ where name.hasPrefix("[") && name.hasSuffix("]"):
            host = IPAddress(String(name.dropFirst().dropLast()))
            guard case .v6 = host else { throw Self.problem(with: text, "has no IPv6 in brackets") }
        default:
            host = IPAddress(String(name))
            guard case .v4 = host else { throw Self.problem(with: text, "is not an IP address") }
        }
    }

    private static func problem(with text: String, _ words: String) -> ServerProblem {
        ServerProblem(
            "the address '\(text)' to listen at \(words)",
            hint: "write it as '127.0.0.1:8080', '[::1]:8080' or, for all addresses, ':8080'")
    }

    package var description: String {
        guard let host else { return ":\(port)" }
        return if case .v6 = host { "[\(host)]:\(port)" } else { "\(host):\(port)" }
    }
}
