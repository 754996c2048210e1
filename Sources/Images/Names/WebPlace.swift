/// An address on the web, taken apart, so that two can be compared by whom they lead to.
package struct WebPlace: Hashable, Sendable, CustomStringConvertible {
    package static let longest = 8 << 10

    /// `http:`, which anybody on the way can read and change.
    package let isPlain: Bool
    package let host: String
    package let port: Int
    /// Path and query, from the root.
    package let target: String

    init(isPlain: Bool, host: String, port: Int, target: String) {
        self.isPlain = isPlain
        self.host = host
        self.port = port
        self.target = target
    }

    package init?(_ text: String) {
        guard text.utf8.count <= Self.longest, let colon = text.firstRange(of: "://") else {
            return nil
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard let (host, port) = Self.split(authority: String(authority)),
            let target = Self.target(rest[authority.endIndex...])
        else { return nil }
        isPlain = scheme == "http"
        self.host = host
        self.port = port ?? (isPlain ? 80 : 443)
        self.target = target
    }

    /// Where a server sends on to from here: another address, or another place on the same server.
    package func following(_ location: String) -> WebPlace? {
        if location.contains("://") { return WebPlace(location) }
        guard location.hasPrefix("/"), !location.hasPrefix("//") else { return nil }
        return Self.target(location[...]).map(at)
    }

    /// Another place of the same server.
    package func at(_ target: String) -> WebPlace {
        WebPlace(isPlain: isPlain, host: host, port: port, target: target)
    }

    package func adding(_ query: String) -> WebPlace {
        at("\(target)\(target.contains("?") ? "&" : "?")\(query)")
    }

    /// Whether both lead to the same server in the same way.
    package func isSameServer(as other: WebPlace) -> Bool {
        isPlain == other.isPlain && host == other.host && port == other.port
    }

    /// Whether nobody but the server hears what it is told: by TLS, or within this machine.
    package var isPrivate: Bool { !isPlain || Self.isLoopback(host) }

    package var url: String { "\(origin)\(target)" }

    /// Without path and query, which may hold what is secret.
    package var description: String { origin }

    private var origin: String {
        let isUsual = port == (isPlain ? 80 : 443)
        return "\(isPlain ? "http" : "https")://\(host)\(isUsual ? "" : ":\(port)")"
    }

    static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isFour = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
        return host == "localhost" || host == "[::1]" || isFour && parts[0] == "127"
    }

    /// Host and port. One with a name or a password before it is none.
    static func split(authority: String) -> (host: String, port: Int?)? {
        let text = authority.lowercased()
        let end = text.lastIndex(of: "]").map { text.index(after: $0) } ?? text.startIndex
        let colon = text[end...].firstIndex(of: ":") ?? text.endIndex
        let host = text[..<colon]
        guard isHost(host) else { return nil }
        guard colon < text.endIndex else { return (String(host), nil) }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits),
            1...65_535 ~= port
        else { return nil }
        return (String(host), port)
    }

    private static func isHost(_ text: Substring) -> Bool {
        if text.hasPrefix("[") {
            let inner = text.dropFirst().dropLast()
            return text.hasSuffix("]") && inner.contains(":")
                && inner.unicodeScalars.allSatisfy {
                    "0123456789abcdef:.".unicodeScalars.contains($0)
                }
        }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            let isRight = label.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "0"..."9", "-", "_": true
                default: false
                }
            }
            return isRight && 1...63 ~= label.utf8.count && !label.hasPrefix("-")
                && !label.hasSuffix("-")
        }
    }

    /// What is in it beyond a fragment, if all of it can be sent as it is.
    private static func target(_ text: Substring) -> String? {
        let target = text.prefix { $0 != "#" }
        guard target.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        return target.hasPrefix("/") ? String(target) : "/\(target)"
    }
}
