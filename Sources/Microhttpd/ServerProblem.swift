import Threads

/// Why a server does not start.
package struct ServerProblem: Error, Hashable, CustomStringConvertible {
    package let description: String
    package let hint: String

    init(_ description: String, hint: String) {
        self.description = description
        self.hint = hint
    }

    init(_ shortage: Shortage) {
        self.init(
            "cannot \(shortage.operation): \(shortage.problem)", hint: shortage.hint)
    }
}
