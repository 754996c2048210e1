/// What a person proves to a server to be. It does not show itself in any text.
package struct Token: Hashable, Sendable, CustomStringConvertible {
    package static let longest = 4_096

    /// For the header that carries it, and the file that keeps it; for nothing else.
    package let secret: String

    package init(parsing text: String) throws(ClientError) {
        let isPlain = text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        guard !text.isEmpty, text.utf8.count <= Self.longest, isPlain else {
            throw ClientError(
                .usage, "this is no token: it is empty, too long, or holds spaces",
                hint: "give the token as an administrator handed it out, on one line")
        }
        secret = text
    }

    package var description: String { "(a token)" }
}

extension Token: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}
