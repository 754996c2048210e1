import ECR
import Testing

@Suite("A gate of findings") struct ScanGateTests {
    private static func verdict(
        _ status: String?, _ counts: [Severity: Int] = [:], failingOn limit: Severity = .critical
    ) -> ScanGate.Verdict {
        ScanGate(failingOn: limit).verdict(
            on: ScanReport(status: status, reason: nil, counts: counts))
    }

    @Test(
        "it waits while there is nothing to judge by", arguments: [nil, "PENDING", "IN_PROGRESS"])
    func waits(status: String?) {
        guard case .wait = Self.verdict(status, [.critical: 9]) else {
            Issue.record("it does not wait")
            return
        }
    }

    @Test(
        "it passes what is less bad than its limit, and no other",
        arguments: ["COMPLETE", "ACTIVE"])
    func judges(status: String) {
        let counts: [Severity: Int] = [.high: 2, .low: 1, .undefined: 3, .critical: 0]
        let summary = "2 high, 1 low, 3 undefined"
        #expect(Self.verdict(status, counts) == .pass(summary))
        #expect(
            Self.verdict(status, counts, failingOn: .high)
                == .fail(
                    problem: "the scan found \(summary); high or worse does not pass",
                    hint: "see the findings in ECR and build on what has them mended"))
        #expect(Self.verdict(status, [.critical: 1], failingOn: .high) != .pass("1 critical"))
        #expect(Self.verdict(status) == .pass("no findings"))
    }

    @Test(
        "what cannot be known does not pass",
        arguments: [
            "FAILED", "UNSUPPORTED_IMAGE", "SCAN_ELIGIBILITY_EXPIRED", "FINDINGS_UNAVAILABLE",
            "LIMIT_EXCEEDED", "IMAGE_ARCHIVED", "A_NEW_WORD", "",
        ])
    func unknown(status: String) {
        guard case .fail(let problem, let hint) = Self.verdict(status) else {
            Issue.record("it does not fail")
            return
        }
        #expect(!problem.isEmpty && !hint.isEmpty)
    }

    @Test func `the worst is the last`() {
        #expect(Severity.allCases == Severity.allCases.sorted())
        #expect(Severity.allCases.last == .critical)
    }
}

@Suite("A tag that may not move") struct TagDecisionTests {
    private static func decision(
        _ tag: String, found: String?, _ mutability: TagMutability
    ) -> TagDecision {
        TagDecision(
            tag, for: "sha256:new", found: found,
            in: ECRRepository(
                name: "web", uri: "", mutability: mutability, scansOnPush: true, encryption: .aes256
            ))
    }

    @Test func `is no problem where it is new or on the same image`() {
        #expect(Self.decision("1", found: nil, .immutable) == .push)
        #expect(Self.decision("1", found: "sha256:new", .immutable) == .isThere)
        #expect(Self.decision("1", found: "sha256:old", .mutable) == .push)
    }

    @Test func `is refused where it is on another, with both named`() {
        #expect(
            Self.decision("1", found: "sha256:old", .immutable)
                == .refused(
                    problem: "the tag '1' of 'web' is immutable and on sha256:old, and not on "
                        + "sha256:new",
                    hint: "use a tag that is new with each build, such as one of the commit"))
    }

    @Test(
        "patterns turn it round",
        arguments: [
            ("dev-*", "dev-1", true), ("dev-*", "de-1", false), ("*", "a", true),
            ("*a*b", "xaxxab", true), ("*a*b", "xaxxba", false), ("a", "a", true),
            ("a", "ab", false), ("a*", "a", true),
            (String(repeating: "*a", count: 64), String(repeating: "a", count: 128) + "b", false),
        ])
    func patterns(pattern: String, tag: String, matches: Bool) {
        for isMutable in [true, false] {
            let mutability = TagMutability(isMutable: isMutable, exclusions: [pattern])
            #expect(mutability.mayMove(tag) == (matches != isMutable))
        }
    }
}
