/// How bad a finding is, as ECR says it; the worst last.
package enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Nobody has said.
    case undefined, informational, low, medium, high, critical

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What ECR tells of the scan of an image.
package struct ScanReport: Hashable, Sendable {
    /// ECR's word; nothing where no scan has begun.
    package let status: String?
    /// Why it is so, if ECR says it.
    package let reason: String?
    package let counts: [Severity: Int]

    package init(status: String?, reason: String? = nil, counts: [Severity: Int] = [:]) {
        self.status = status
        self.reason = reason
        self.counts = counts
    }

    /// `2 critical, 1 high`, the worst first.
    package var summary: String {
        let found = Severity.allCases.reversed().compactMap { severity in
            counts[severity].flatMap { $0 > 0 ? "\($0) \(severity.rawValue)" : nil }
        }
        return found.isEmpty ? "no findings" : found.joined(separator: ", ")
    }
}

/// Lets an image pass or not by what its scan has found.
package struct ScanGate: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        /// There is nothing to judge by yet.
        case wait(String)
        case pass(String)
        case fail(problem: String, hint: String)
    }

    /// This bad, or worse, does not pass.
    package let limit: Severity

    package init(failingOn limit: Severity) { self.limit = limit }

    /// What cannot be known does not pass: a gate that opens when nobody looks is none.
    package func verdict(on report: ScanReport) -> Verdict {
        switch report.status {
        case nil: .wait("no scan has begun")
        case "PENDING": .wait("the scan is to begin")
        case "IN_PROGRESS": .wait("the scan is in progress")
        case "COMPLETE", "ACTIVE": judge(report)
        case "FAILED": unknown(report, "the scan has failed", "scan the image again")
        case "UNSUPPORTED_IMAGE":
            unknown(
                report, "ECR cannot scan images of this kind",
                "build on a system that ECR knows, or leave the condition out")
        case "SCAN_ELIGIBILITY_EXPIRED":
            unknown(
                report, "the image is too old to be scanned any more",
                "push it again, or lengthen the time in Inspector's settings")
        case "FINDINGS_UNAVAILABLE":
            unknown(report, "the findings are not to be had", "scan the image again")
        case "LIMIT_EXCEEDED":
            unknown(report, "an image is scanned only so often a day", "try again tomorrow")
        case "IMAGE_ARCHIVED":
            unknown(report, "the image is archived", "restore it, or push it again")
        case let other?:
            unknown(
                report, "the scan's status is '\(other)', which is not known here", "look at ECR")
        }
    }

    private func judge(_ report: ScanReport) -> Verdict {
        let isBad = report.counts.contains { $0.key >= limit && $0.value > 0 }
        guard isBad else { return .pass(report.summary) }
        return .fail(
            problem: "the scan found \(report.summary); \(limit.rawValue) or worse does not pass",
            hint: "see the findings in ECR and build on what has them mended")
    }

    private func unknown(_ report: ScanReport, _ problem: String, _ hint: String) -> Verdict {
        .fail(problem: problem + (report.reason.map { " (\($0))" } ?? ""), hint: hint)
    }
}
