/// What is known of somebody beside their name: as whom they write commits.
package struct Account: Hashable, Sendable, Codable {
    package static let maximumAliases = 50
    /// As long as an address may be.
    package static let maximumAliasLength = 254

    package let name: PersonName
    /// Names and e-mail addresses that stand in their commits.
    package let aliases: [String]

    package init(_ name: PersonName, aliases: [String] = []) {
        self.name = name
        self.aliases = aliases
    }
}

/// Whose work a commit is, as far as commits say it.
enum Authorship {
    /// Whether an author, as `Ada Example <ada@example.org>` or a part of it, is one of these.
    /// Small and large letters are the same: who is doubted does not approve.
    static func isOne(of identities: Set<String>, _ author: String) -> Bool {
        parts(of: author.lowercased()).contains(where: identities.contains)
    }

    private static func parts(of author: String) -> [String] {
        guard author.hasSuffix(">"), let open = author.lastIndex(of: "<") else { return [author] }
        let name = author[..<open].reversed().drop { $0 == " " }.reversed()
        let address = author[author.index(after: open)...].dropLast()
        return [author, String(name), String(address)].filter { !$0.isEmpty }
    }
}
