import SmallFiles

/// Why the vault does not do something, and what helps. It never holds a part of a secret.
package struct VaultError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// There is no such secret.
        case unknown
        /// What was asked for cannot be done to any vault.
        case invalid
        /// A file is not what it was.
        case damaged
        /// The key is missing, open to others, or another one.
        case key
        case disk
    }

    package let kind: Kind
    package let problem: String
    package let hint: String

    init(_ kind: Kind, _ problem: String, hint: String) {
        self.kind = kind
        self.problem = problem
        self.hint = hint
    }

    init(_ operation: String, _ problem: FileProblem) {
        self.init(
            .disk, "cannot \(operation): \(problem)",
            hint: "the user that runs Slipway has to be able to write there, with room on the disk")
    }

    package var description: String { "\(problem); \(hint)" }
}
