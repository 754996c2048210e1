import Glibc

/// What is wrong with an archive or a file, and what to do about it.
package struct TarProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let problem: String
    package let hint: String

    package init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    package var description: String { "\(problem); \(hint)" }

    package static func system(_ operation: String) -> Self {
        Self(
            "cannot \(operation): \(unsafe String(cString: strerror(errno)))",
            hint: "check the path, its rights and the disk")
    }

    static func broken(_ problem: String, at offset: Int) -> Self {
        Self("the archive is broken at byte \(offset): \(problem)", hint: "make the archive anew")
    }
}
