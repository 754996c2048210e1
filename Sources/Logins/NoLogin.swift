/// Why nobody can be named to a registry, for people.
package struct NoLogin: Error, CustomStringConvertible {
    private let problem: String
    private let hint: String

    init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    package var description: String { "\(problem); \(hint)" }
}
