import Pipelines

// Why something failed may be told with what was printed last, in lines of their own.
extension String {
    /// What went wrong.
    package var firstLine: String { String(prefix { !$0.isNewline }) }

    /// What was printed, with nothing that a terminal would obey.
    package var furtherLines: [String] {
        split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).dropFirst()
            .map { Report.visible(String($0)) }
    }
}
