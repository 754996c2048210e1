/// What proves to AWS who asks. Its description hides what must not be seen.
package struct Credentials: Hashable, Sendable, CustomStringConvertible {
    package let key: String
    package let secret: HiddenText
    package let token: HiddenText?
    /// In seconds since 1970; nothing if they last.
    package let expires: Int?

    package init(key: String, secret: String, token: String? = nil, expires: Int? = nil) {
        self.key = key
        self.secret = HiddenText(secret)
        self.token = token.map { HiddenText($0) }
        self.expires = expires
    }

    /// The key's id is no secret, and is what an administrator looks for in the console.
    package var description: String { "the key \(key.prefix(4))…\(key.suffix(4))" }

    /// Whether they still hold for a while, so that none expires on the way.
    package func holds(at now: Int, margin: Int = Self.margin) -> Bool {
        expires.map { $0 - margin > now } ?? true
    }

    package static let margin = 300

    /// A text of somebody else's, without what of these may stand in it.
    func hidden(in text: String) -> String {
        [secret, token].compactMap { $0?.reveal() }.filter { !$0.isEmpty }.reduce(text) {
            $0.replacing($1, with: "***")
        }
    }
}
