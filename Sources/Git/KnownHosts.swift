/// The keys of hosts, as a `known_hosts` file tells them.
struct KnownHosts {
    enum Verdict: Hashable {
        case known, unknown, changed, revoked
    }

    private struct Line {
        let isRevoked: Bool
        let names: [Substring]
        let kind: String
        let key: String
    }

    private let lines: [Line]
    /// Lines whose hosts' names are hashed, which is to hide them from whoever takes the file.
    let hashed: Int

    init(parsing text: String) {
        var lines: [Line] = []
        var hashed = 0
        for row in text.split(whereSeparator: \.isNewline) {
            var words = row.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let mark = first.hasPrefix("@") ? words.removeFirst() : ""
            // A certificate's authority is something else than a host's key.
            guard words.count >= 3, mark != "@cert-authority" else { continue }
            if words[0].hasPrefix("|") {
                hashed += 1
                continue
            }
            lines.append(
                Line(
                    isRevoked: mark == "@revoked", names: words[0].split(separator: ","),
                    kind: String(words[1]), key: Self.unpadded(words[2])))
        }
        self.lines = lines
        self.hashed = hashed
    }

    /// `key` is in base 64.
    func verdict(on host: String, port: Int, key: String) -> Verdict {
        let wanted = port == 22 ? host : "[\(host)]:\(port)"
        let own = lines.filter { $0.names.contains { $0.lowercased() == wanted } }
        let same = own.filter { $0.key == Self.unpadded(key[...]) }
        if same.contains(where: \.isRevoked) { return .revoked }
        if !same.isEmpty { return .known }
        return own.allSatisfy(\.isRevoked) ? .unknown : .changed
    }

    private static func unpadded(_ text: Substring) -> String {
        String(text.reversed().drop { $0 == "=" }.reversed())
    }
}

/// Bytes as letters, digits, '+' and '/'.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            var bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            var four: [UInt8] = []
            for _ in 0..<4 {
                four.insert(alphabet[bits & 63], at: 0)
                bits >>= 6
            }
            out += four.prefix(part.count + 1)
            out += [UInt8](repeating: UInt8(ascii: "="), count: 3 - part.count)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
