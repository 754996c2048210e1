package import HTTP

/// One request and what became of it, for a log.
package struct AccessRecord: Hashable, Sendable {
    /// As it was sent, if it is a method at all.
    package let method: Request.Method?
    /// As it was sent, without the query, in which secrets may be. It holds visible letters only.
    package let path: String
    /// Nothing if the client left before there was an answer.
    package let status: Int?
    /// Of the answer's body, as far as it was given.
    package let bytes: Int
    package let milliseconds: Int
    package let peer: String

    static func path(of target: String) -> String {
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }.prefix(2_000)
        let visible = path.map { $0 > 32 && $0 < 127 ? $0 : UInt8(ascii: "?") }
        return String(decoding: visible, as: UTF8.self)
    }
}
