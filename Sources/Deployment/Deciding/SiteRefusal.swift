/// Why an environment does not do what it was asked to.
package struct SiteRefusal: Error, Hashable, CustomStringConvertible {
    package let problem: String
    package let hint: String

    init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    package var description: String { "\(problem); \(hint)" }
}
