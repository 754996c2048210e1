import Git

/// What went wrong with a source, in words for whoever started the pipeline.
package struct SourceError: Error, Hashable, Sendable, CustomStringConvertible {
    package let operation: String
    package let problem: String
    package let hint: String

    package init(_ operation: String, problem: String, hint: String) {
        self.operation = operation
        self.problem = problem
        self.hint = hint
    }

    init(_ error: GitError) {
        self.init(error.operation, problem: error.problem, hint: error.hint)
    }

    package var description: String { "cannot \(operation): \(problem)\n  hint: \(hint)" }
}

/// Does something with a repository or its files, and tells what went wrong as the source's error.
func reading<Result: ~Copyable>(
    _ body: () throws(GitError) -> Result
) throws(SourceError) -> Result {
    do throws(GitError) {
        return try body()
    } catch {
        throw SourceError(error)
    }
}
