/// Why an image is not pushed, for people.
struct Unshippable: Error, CustomStringConvertible {
    let problem: String
    let hint: String

    init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    var description: String { "\(problem); \(hint)" }
}
