package import AWS
import JSON

extension ECR {
    private static let firstPause = 2_000
    private static let longestPause = 30_000

    /// What is known of the scan of an image now.
    package func scan(of digest: String, in repository: String) throws(AWSProblem) -> ScanReport {
        do {
            let answer = try ask(
                "DescribeImageScanFindings", of: repository,
                [.init("imageId", ["imageDigest": .string(digest)]), .init("maxResults", 1)],
                for: Findings.self)
            let counts = answer.imageScanFindings?.findingSeverityCounts ?? [:]
            return ScanReport(
                status: answer.imageScanStatus?.status ?? "",
                reason: answer.imageScanStatus?.description,
                counts: counts.reduce(into: [:]) { counts, found in
                    // A word that came later than this is a finding all the same.
                    counts[Severity(rawValue: found.key.lowercased()) ?? .undefined, default: 0] +=
                        found.value
                })
        } catch  where error.code == "ScanNotFoundException" {
            return ScanReport(status: nil)
        }
    }

    /// Waits until there is something to judge by, or this many seconds.
    package func verdict(
        of gate: ScanGate, on digest: String, in repository: String, patience seconds: Int
    ) throws(AWSProblem) -> ScanGate.Verdict {
        let end = outside.now() + seconds
        var pause = Self.firstPause
        while true {
            let verdict = gate.verdict(on: try scan(of: digest, in: repository))
            guard case .wait(let why) = verdict else { return verdict }
            guard outside.now() < end else {
                return .fail(
                    problem: "after \(seconds) seconds, \(why)",
                    hint: "let the repository scan on push, or wait longer")
            }
            guard outside.wait(pause) else {
                throw AWSProblem(
                    .stopped, "waiting for the scan was stopped: \(why)", hint: "start again")
            }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private struct Findings: Decodable {
        struct Status: Decodable {
            let status: String?
            let description: String?
        }
        struct Found: Decodable { let findingSeverityCounts: [String: Int]? }

        let imageScanStatus: Status?
        let imageScanFindings: Found?
    }
}
