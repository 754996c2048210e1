/// Why a report cannot be read, and where: `results/unit.xml:3:14: …`.
package struct ReportProblem: Error, Hashable, CustomStringConvertible {
    package let line: Int
    package let column: Int
    /// May hold words of the report, which are not yet hidden.
    package let problem: String
    package let hint: String

    init(_ line: Int, _ column: Int, _ problem: String, hint: String = "") {
        self.line = line
        self.column = column
        self.problem = problem
        self.hint = hint
    }

    package var description: String {
        "\(line):\(column): \(problem)" + (hint.isEmpty ? "" : "; \(hint)")
    }
}
