/// Why a server does not start.
package struct ServerProblem: Error, Hashable, CustomStringConvertible {
    package let description: String
    package let hint: String

    init(_ description: String, hint: String) {
        self.description = description
        self.hint = hint
    }
}
