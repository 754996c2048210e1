/// Finds tests that both pass and fail though nothing has changed. It is told of runs one after
/// the other, those of one revision together, and remembers of each test no more than a few
/// numbers, however long the history is.
package struct FlakySearch {
    /// One attempt that wrote test reports.
    package struct Run: Hashable, Sendable {
        /// What was tested: two runs of one revision tested the same.
        package let revision: String
        package let execution: String
        /// The stage and the action.
        package let action: String
        package let attempt: Int
        package let at: Int

        package init(revision: String, execution: String, action: String, attempt: Int, at: Int) {
            self.revision = revision
            self.execution = execution
            self.action = action
            self.attempt = attempt
            self.at = at
        }
    }

    private struct Name: Hashable {
        let action: String
        let group: String
        let name: String
    }

    fileprivate struct Memory {
        let title: String
        var revision = -1
        var hasPassed = false
        var hasFailed = false
        var isFlaky = false
        var failure: Run?
        var revisions = 0
        var flakyRevisions = 0
        var runs = 0
        var failures = 0
        var seen: Run?

        init(_ title: String) { self.title = title }
    }

    private var revision: String?
    private var revisions = 0
    private var memories: [Name: Memory] = [:]

    package init() {}

    package mutating func add(_ cases: [TestCase], of run: Run) {
        if revision != run.revision {
            revision = run.revision
            revisions += 1
        }
        for test in cases where test.outcome != .skipped {
            let name = Name(action: run.action, group: test.group, name: test.name)
            memories[name, default: Memory(test.title)].add(test, of: run, revisions)
        }
    }

    /// The worst first.
    package var found: [FlakyTest] {
        memories.compactMap { name, memory in
            guard let seen = memory.seen else { return nil }
            return FlakyTest(
                action: name.action, title: memory.title, flakyRevisions: memory.flakyRevisions,
                revisions: memory.revisions, runs: memory.runs, failures: memory.failures,
                seen: seen)
        }
        .sorted { left, right in
            if left.flakyRevisions != right.flakyRevisions {
                return left.flakyRevisions > right.flakyRevisions
            }
            if left.failureRate != right.failureRate {
                return left.failureRate > right.failureRate
            }
            return (left.action, left.title) < (right.action, right.title)
        }
    }
}

/// A test that both passes and fails though nothing has changed.
package struct FlakyTest: Hashable, Sendable {
    package let action: String
    package let title: String
    /// In how many revisions it did both, of those that it ran in.
    package let flakyRevisions: Int
    package let revisions: Int
    /// Runs that the tool made by itself are among them.
    package let runs: Int
    package let failures: Int
    /// The last time that it failed where it also passed.
    package let seen: FlakySearch.Run

    package var failureRate: Double { Double(failures) / Double(max(1, runs)) }
}

extension FlakySearch.Memory {
    fileprivate mutating func add(_ test: TestCase, of run: FlakySearch.Run, _ number: Int) {
        if revision != number {
            revision = number
            (hasPassed, hasFailed, isFlaky, failure) = (false, false, false, nil)
            revisions += 1
        }
        let failed = test.failedRuns + (test.outcome.isFailure ? 1 : 0)
        runs += test.failedRuns + 1
        failures += failed
        hasPassed = hasPassed || test.outcome == .passed
        hasFailed = hasFailed || failed > 0
        if failed > 0, failure.map({ $0.at <= run.at }) ?? true { failure = run }
        guard hasPassed, hasFailed else { return }
        if !isFlaky {
            isFlaky = true
            flakyRevisions += 1
        }
        if let failure, seen.map({ $0.at <= failure.at }) ?? true { seen = failure }
    }
}
