/// Why something with a registry has not come to its end, in words for whoever wrote the pipeline.
package struct RegistryProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        /// It does not let us: who we are, or what we may.
        case denied
        /// It was asked and said no, for another reason.
        case refused
        /// There is no such thing.
        case missing
        /// It could not be spoken with, or failed, as often as was tried.
        case gaveUp
        /// What it says is not what it has, or what was asked for.
        case lied
        /// What was to be sent is not what it is called, or cannot be read.
        case damaged
        /// It would have been told something where others can hear it.
        case unsafe
        /// Somebody wanted it no more.
        case stopped
    }

    package let kind: Kind
    package let problem: String
    package let hint: String
    /// The milliseconds that the registry wants to be left alone, if it has said so.
    package let retryAfter: Int?

    package init(_ kind: Kind, _ problem: String, hint: String, retryAfter: Int? = nil) {
        self.kind = kind
        self.problem = problem
        self.hint = hint
        self.retryAfter = retryAfter
    }

    package var description: String { "\(problem); \(hint)" }
}
