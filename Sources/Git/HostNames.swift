import Cryptography

/// Whom a line of known hosts is about.
enum HostNames: Sendable {
    /// One name, hidden from whoever takes the file: only who knows it can tell that it is meant.
    case hashed(salt: [UInt8], digest: [UInt8])
    /// Names with `*` and `?`; one with `!` before it is not meant, whatever the others say.
    case patterns([(text: [UInt8], excludes: Bool)])

    init?(parsing word: Substring) {
        guard word.hasPrefix("|") else {
            let patterns = word.split(separator: ",").map { pattern in
                let excludes = pattern.hasPrefix("!")
                let text = pattern.dropFirst(excludes ? 1 : 0).lowercased()
                return (Array(text.utf8), excludes)
            }
            guard !patterns.isEmpty else { return nil }
            self = .patterns(patterns)
            return
        }
        let parts = word.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1] == "1",
            let salt = Base64.bytes(of: String(parts[2])),
            let digest = Base64.bytes(of: String(parts[3])), !salt.isEmpty
        else { return nil }
        self = .hashed(salt: salt, digest: digest)
    }

    /// `name` is in small letters, with its port as `[host]:port` if it is not 22.
    func mean(_ name: String) -> Bool {
        let name = Array(name.utf8)
        switch self {
        case .hashed(let salt, let digest): return HMAC.sha1(name, key: salt) == digest
        case .patterns(let patterns):
            let matching = patterns.filter { Self.matches(name, $0.text) }
            return !matching.isEmpty && !matching.contains(where: \.excludes)
        }
    }

    /// In steps of name times pattern at most, whatever stars there are.
    private static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (place, wanted) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while place < name.count {
            if wanted < pattern.count, pattern[wanted] == UInt8(ascii: "*") {
                star = (wanted, place)
                wanted += 1
            } else if wanted < pattern.count,
                pattern[wanted] == UInt8(ascii: "?") || pattern[wanted] == name[place]
            {
                (place, wanted) = (place + 1, wanted + 1)
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (place, wanted) = (last.name + 1, last.pattern + 1)
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
