/// Why AWS has not done what it was asked for.
package struct AWSProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        /// A file or a variable says what makes no sense.
        case settings
        /// Nothing gives any, or what should does not.
        case credentials
        /// They have expired, and there are no newer ones.
        case expired
        /// There was no answer.
        case unreachable
        case refused(status: Int, code: String)
        /// It has answered, and nobody understands what.
        case unreadable
        /// Whoever asked does not want it any more.
        case stopped
    }

    package let cause: Cause
    /// What is wrong, where.
    package let problem: String
    package let hint: String

    package init(_ cause: Cause, _ problem: String, hint: String) {
        self.cause = cause
        self.problem = problem
        self.hint = hint
    }

    package var description: String { "\(problem); \(hint)" }

    /// The word by which AWS calls it, such as `RepositoryNotFoundException`.
    package var code: String? {
        if case .refused(_, let code) = cause { code } else { nil }
    }
}
