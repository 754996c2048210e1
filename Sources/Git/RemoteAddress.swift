/// Where a repository is to be fetched from, as people write it. It never holds a password, so it
/// can be shown to anybody.
package struct RemoteAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Way: String, Sendable {
        case folder, git, http, https, ssh
    }

    package let way: Way
    /// As it was written, but for what means the same.
    package let description: String
    package let user: String?
    /// Empty for a folder of this machine.
    package let host: String
    package let port: Int?
    package let path: String

    package init(parsing text: String) throws(GitError) {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), !text.hasPrefix("-") else {
            throw Self.error(
                text, "it has a space or a control character in it, or begins with '-'")
        }
        if text.hasPrefix("/") {
            self.init(folder: text)
        } else if let scheme = text.firstRange(of: "://") {
            try self.init(text, String(text[..<scheme.lowerBound]), text[scheme.upperBound...])
        } else {
            try self.init(short: text)
        }
    }

    private init(folder: String) {
        var path = folder[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        self.init(.folder, String(path), user: nil, host: "", port: nil, path: String(path))
    }

    private init(
        _ way: Way, _ description: String, user: String?, host: String, port: Int?, path: String
    ) {
        self.way = way
        self.description = description
        self.user = user
        self.host = host
        self.port = port
        self.path = path
    }

    private init(_ text: String, _ scheme: String, _ rest: Substring) throws(GitError) {
        if scheme == "file" {
            guard rest.hasPrefix("/"), !rest.contains("%") else {
                throw Self.error(text, "after 'file://' comes a path that begins with '/'")
            }
            self.init(folder: String(rest))
            return
        }
        guard let way = Way(rawValue: scheme), way != .folder else {
            throw Self.error(text, "'\(scheme)' is no way to reach git")
        }
        let place = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(place.count)
        guard path.count > 1 else { throw Self.error(text, "it names no repository of the host") }
        let (user, host, port) = try Self.parts(of: place, in: text)
        self.init(way, text, user: user, host: host, port: port, path: String(path))
    }

    /// `user@host:path`, as ssh's own programs write it.
    private init(short text: String) throws(GitError) {
        guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/"),
            text.index(after: colon) < text.endIndex, !text.contains("::")
        else {
            throw Self.error(
                text, "it is neither an address nor a path that begins with '/'")
        }
        let (user, host, port) = try Self.parts(of: text[..<colon], in: text)
        let path = text[text.index(after: colon)...]
        self.init(.ssh, text, user: user, host: host, port: port, path: String(path))
    }

    private static func parts(
        of place: Substring, in text: String
    ) throws(GitError) -> (user: String?, host: String, port: Int?) {
        let halves = place.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count <= 2, let last = halves.last else {
            throw error(text, "it has more than one '@'")
        }
        let user = halves.count == 2 ? String(halves[0]) : nil
        if let user, user.contains(":") {
            // Not shown: what follows the colon is a secret.
            throw GitError(
                .address, "reach a repository", problem: "its address has a password in it",
                hint: "keep the password as a secret of the server's, and leave it out")
        }
        var host = last
        var port: Int?
        if let colon = last.lastIndex(of: ":"), !last.hasSuffix("]") {
            guard let number = Int(last[last.index(after: colon)...]), 1...65_535 ~= number else {
                throw error(text, "after the host's ':' comes a port, 1 to 65535")
            }
            port = number
            host = last[..<colon]
        }
        guard !host.isEmpty, !host.hasPrefix("-"), user?.isEmpty != true,
            user?.hasPrefix("-") != true
        else { throw error(text, "it names no host") }
        return (user, host.lowercased(), port)
    }

    private static func error(_ text: String, _ problem: String) -> GitError {
        GitError(
            .address, "reach '\(RawName(text))'", problem: problem,
            hint: "use https://, ssh://, git:// or file://, host:path, or a whole path")
    }
}
