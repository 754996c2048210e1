import HTTP

/// The name of an image as people write it, `debian:12`, taken apart as the Engine wants it.
package struct ImageName: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package let repository: String
    /// A tag, or a digest.
    package let version: String

    package init(_ text: String) {
        description = text
        if let at = text.firstIndex(of: "@") {
            repository = String(text[..<at])
            version = String(text[text.index(after: at)...])
            return
        }
        // A colon before the last '/' is that of a port.
        let start = text.lastIndex(of: "/") ?? text.startIndex
        if let colon = text[start...].lastIndex(of: ":") {
            repository = String(text[..<colon])
            version = String(text[text.index(after: colon)...])
        } else {
            repository = text
            version = "latest"
        }
    }

    /// As a part of a path: the name's own '/' stay.
    var path: String {
        description.split(separator: "/", omittingEmptySubsequences: false)
            .map { String($0).percentEncoded }.joined(separator: "/")
    }
}
