/// Why something is no image, no part of one, or no name of one, and what to do about it.
package struct ImageMistake: Error, Hashable, Sendable, CustomStringConvertible {
    package let problem: String
    package let hint: String

    package init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    package var description: String { "\(problem); \(hint)" }

    /// What strangers wrote, as it may be shown: short, and without what moves a terminal.
    package static func shown(_ text: String, atMost most: Int = 120) -> String {
        let scalars = text.unicodeScalars.prefix(most).map { scalar in
            scalar.value < 32 || 127..<160 ~= scalar.value ? "?" : Character(scalar)
        }
        return String(scalars) + (text.unicodeScalars.count > most ? "…" : "")
    }
}
