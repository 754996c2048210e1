package import Images
package import Tar

/// Why an archive gives no image, and what to do about it.
package struct ArchiveProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let problem: String
    package let hint: String

    package init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    package init(_ problem: TarProblem) { self.init(problem.problem, hint: problem.hint) }
    package init(_ mistake: ImageMistake) { self.init(mistake.problem, hint: mistake.hint) }

    package var description: String { "\(problem); \(hint)" }

    /// Says in our words what a material or the mind has found.
    static func wrapping<Value>(_ body: () throws -> Value) throws(ArchiveProblem) -> Value {
        do { return try body() } catch let problem as ArchiveProblem {
            throw problem
        } catch let problem as TarProblem {
            throw ArchiveProblem(problem)
        } catch let mistake as ImageMistake {
            throw ArchiveProblem(mistake)
        } catch {
            throw ArchiveProblem("the archive cannot be read: \(error)", hint: "make it anew")
        }
    }
}
