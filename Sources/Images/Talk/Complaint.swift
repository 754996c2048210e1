import JSON

/// What a registry says of a request that it has turned down.
package struct Complaint: Hashable, Sendable {
    /// Its own names for it: `DENIED`, `BLOB_UPLOAD_INVALID`.
    package let codes: [String]
    /// Its own words, short and safe to be shown; empty if it has said none.
    package let words: String

    package init(parsing body: [UInt8]) {
        guard let members = try? Members(parsing: body, atMost: 64 << 10, what: "the answer"),
            let errors = try? members.list("errors", atMost: 100)
        else {
            codes = []
            // A page for people is of no use in a sentence.
            let text = String(decoding: body.prefix(1_000), as: UTF8.self)
            words = text.hasPrefix("<") ? "" : ImageMistake.shown(Self.trimmed(text))
            return
        }
        let read = errors.prefix(3).compactMap { try? Members($0, what: "an error") }
        codes = read.compactMap { try? $0.text("code") }.map { ImageMistake.shown($0, atMost: 60) }
        words = read.map { error in
            let parts = ["code", "message"].compactMap { try? error.text($0) }
            return ImageMistake.shown(parts.joined(separator: ": "), atMost: 300)
        }.joined(separator: ", ")
    }

    private static func trimmed(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
