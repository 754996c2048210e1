import Addresses

extension String {
    /// The host of a URL. Nothing where two readers could see two: with a name before an '@', or a
    /// backslash.
    var hostOfURL: String? {
        guard let scheme = firstRange(of: "://") else { return nil }
        let authority = self[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard !authority.contains(where: { "@\\ ".contains($0) }) else { return nil }
        if authority.hasPrefix("[") {
            return authority.firstIndex(of: "]").map { String(authority[..<$0].dropFirst()) }
        }
        let host = authority.prefix { $0 != ":" }
        return host.isEmpty ? nil : host.lowercased()
    }

    /// Whether a URL leads to this machine itself.
    var hostIsLoopback: Bool {
        guard let host = hostOfURL else { return false }
        return host == "localhost" || IPAddress(host)?.place == .loopback
    }
}
