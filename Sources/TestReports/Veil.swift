import Masking

/// Hides an attempt's secrets in the texts of its reports, before any of them touches the disk.
package struct Veil: Sendable {
    /// Nothing where some secret is not known, so that every text has to go.
    private let masker: Masker?

    package init(hiding secrets: [[UInt8]]) { masker = Masker(Needles(hiding: secrets)) }

    private init() { masker = nil }

    /// Where it is not known what has to be hidden, everything is.
    package static let everything = Veil()

    package var hidesEverything: Bool { masker == nil }

    package func hide(_ text: BoundedText) -> String {
        guard var masker else { return text.bytes.isEmpty ? "" : "***" }
        guard !text.bytes.isEmpty else { return text.isCut ? "…" : "" }
        var shown: [UInt8] = []
        let sink: (Span<UInt8>) -> Void = { piece in
            unsafe piece.withUnsafeBufferPointer { unsafe shown.append(contentsOf: $0) }
        }
        masker.feed(text.bytes.span, into: sink)
        // Where a text was cut, what could be the beginning of a secret is not given out.
        if !text.isCut { masker.finish(into: sink) }
        return String(decoding: shown, as: UTF8.self) + (text.isCut ? "…" : "")
    }
}
