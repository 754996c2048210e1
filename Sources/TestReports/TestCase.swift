/// One test of a report, as its tool tells of it.
package struct TestCase: Hashable, Sendable {
    package enum Outcome: String, Sendable, CaseIterable {
        case passed
        /// What it expected was not so.
        case failed
        /// It broke before it could say.
        case error
        case skipped

        package var isFailure: Bool { self == .failed || self == .error }
    }

    /// The innermost suite with a name.
    package var suite = ""
    /// What the tool calls its class, package or file; the suite where it calls it nothing.
    package var group = ""
    package var name = ""
    /// The source file, where the tool names one.
    package var file = ""
    package var outcome = Outcome.passed
    /// Nothing where the tool does not say.
    package var microseconds: Int?
    package var message = ""
    /// What it printed of its failure: a trace, most often.
    package var details = ""
    /// How often the tool saw it fail and ran it again.
    package var failedRuns = 0

    package init() {}

    /// The tool itself says that it failed and then passed.
    package var isFlaky: Bool { failedRuns > 0 && outcome == .passed }

    /// As it is shown: class and name, where a name alone could be anybody's.
    package var title: String {
        let name = name.isEmpty ? "(no name)" : name
        return group.isEmpty || name.hasPrefix(group) ? name : "\(group) \(name)"
    }
}
