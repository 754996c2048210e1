/// Where a log lies: one file that people can read, or later its compressed form, and beside it
/// where each moment and each step begins.
package struct LogPlace: Hashable, Sendable {
    /// What was printed, as it was printed.
    package let plain: String

    package init(_ plain: String) { self.plain = plain }

    package var index: String { "\(plain).index" }
    /// Made from the plain file when that is closed. Where both are, the plain one counts.
    package var compressed: String { "\(plain).zst" }
    /// What is being compressed, until it is whole.
    var part: String { "\(compressed).part" }

    var folder: String {
        guard let slash = plain.lastIndex(of: "/") else { return "." }
        return slash == plain.startIndex ? "/" : String(plain[..<slash])
    }
}
