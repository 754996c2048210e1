/// Why a server was not asked, or did not do what it was asked, in words for a person.
package struct ClientError: Error, Hashable {
    package enum Kind: Hashable, Sendable {
        /// What was written on the line, in the environment or in a file of this machine.
        case usage
        /// This machine cannot do its part.
        case host
        /// No answer came.
        case unreachable
        /// An answer came that says no; the status.
        case refused(Int)
        /// An answer came that makes no sense.
        case garbled
    }

    package let kind: Kind
    package let problem: String
    package let hint: String
    /// What is wrong in a definition, if it is one that was refused.
    package let mistakes: [ServerMistake]

    package init(
        _ kind: Kind, _ problem: String, hint: String, mistakes: [ServerMistake] = []
    ) {
        self.kind = kind
        self.problem = problem
        self.hint = hint
        self.mistakes = mistakes
    }

    /// The same call may succeed a little later.
    package var isPassing: Bool {
        switch kind {
        case .unreachable, .refused(429), .refused(500...): true
        case .usage, .host, .refused, .garbled: false
        }
    }
}
