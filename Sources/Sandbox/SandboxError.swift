import Glibc

/// What could not be made ready for commands to run in, in words for whoever hosts the house.
package struct SandboxError: Error, Hashable, CustomStringConvertible {
    package let operation: String
    package let problem: String
    package let hint: String?

    package init(_ operation: String, _ problem: String, hint: String? = nil) {
        self.operation = operation
        self.problem = problem
        self.hint = hint
    }

    /// With what the kernel said last.
    package static func system(
        _ operation: String, code: Int32? = nil, hint: String? = nil
    ) -> Self {
        Self(operation, unsafe String(cString: strerror(code ?? errno)), hint: hint)
    }

    package var description: String {
        "cannot \(operation): \(problem)" + (hint.map { "; \($0)" } ?? "")
    }
}
