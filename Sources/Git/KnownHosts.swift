/// The keys of hosts, as a `known_hosts` file of OpenSSH's tells them (sshd(8)).
package struct KnownHosts: Sendable {
    package enum Verdict: Hashable, Sendable {
        case known, unknown, changed, revoked
        /// Only an authority is known that would sign the host's key, and that is not looked at.
        case vouchedFor
    }

    private struct Line: Sendable {
        enum Mark: Sendable {
            case none, revoked, authority
        }

        let mark: Mark
        let names: HostNames
        let key: String
    }

    private let lines: [Line]
    /// The numbers of lines that cannot be understood.
    package let unread: [Int]

    package init(parsing text: String) {
        var lines: [Line] = []
        var unread: [Int] = []
        let rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, row) in rows.enumerated() {
            let words = row.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if let line = Self.line(words[...]) {
                lines.append(line)
            } else {
                unread.append(index + 1)
            }
        }
        self.lines = lines
        self.unread = unread
    }

    private static func line(_ words: ArraySlice<Substring>) -> Line? {
        var words = words
        var mark = Line.Mark.none
        if let first = words.first, first.hasPrefix("@") {
            switch first {
            case "@revoked": mark = .revoked
            case "@cert-authority": mark = .authority
            default: return nil
            }
            words = words.dropFirst()
        }
        let parts = Array(words.prefix(3))
        guard parts.count == 3, let names = HostNames(parsing: parts[0]) else { return nil }
        return Line(mark: mark, names: names, key: unpadded(parts[2]))
    }

    /// `key` is in base 64.
    package func verdict(on host: String, port: Int, key: String) -> Verdict {
        let name = Self.name(of: host, port: port)
        let verdict = verdict(on: name, key: key)
        // As OpenSSH does it: a key that is known of the host is good at any of its ports.
        guard verdict == .unknown, port != 22 else { return verdict }
        let plain = self.verdict(on: Self.name(of: host, port: 22), key: key)
        return plain == .known || plain == .revoked ? plain : .unknown
    }

    /// As a line names a host.
    static func name(of host: String, port: Int) -> String {
        let isSix = host.hasPrefix("[") && host.hasSuffix("]")
        let bare = (isSix ? String(host.dropFirst().dropLast()) : host).lowercased()
        return port == 22 ? bare : "[\(bare)]:\(port)"
    }

    private func verdict(on name: String, key: String) -> Verdict {
        let own = lines.filter { $0.names.mean(name) }
        let wanted = Self.unpadded(key[...])
        let same = own.filter { $0.key == wanted }
        if same.contains(where: { $0.mark == .revoked }) { return .revoked }
        if same.contains(where: { $0.mark == .none }) { return .known }
        if own.contains(where: { $0.mark == .none }) { return .changed }
        return own.contains { $0.mark == .authority } ? .vouchedFor : .unknown
    }

    private static func unpadded(_ text: Substring) -> String {
        String(text.reversed().drop { $0 == "=" }.reversed())
    }
}
