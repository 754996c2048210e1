package import Couriers
package import Engine
import Git
package import Pipelines
import Watching

/// What somebody means who names a revision of a source: a branch, a tag, or the digits of a
/// commit. Only refs that the source wants count, so that whoever may start a pipeline can have it
/// run nothing that its author has left out.
package struct RevisionChoice: Hashable, Sendable {
    /// More refs than this are not searched for a commit; the one seen last is the first.
    package static let maximumTips = 200
    private static let fewestDigits = 4

    package enum Meant: Hashable, Sendable {
        case tip(CourierJob.Tip)
        case digits(String)
    }

    package let meant: Meant
    /// Where a commit may be.
    package let tips: [CourierJob.Tip]
    /// What the last execution that succeeded had: who wrote what came after it is an author.
    package let succeeded: String?

    package init(
        _ text: String, at ref: String?, of source: Source, _ git: GitOrigin,
        in pipeline: PipelineState
    ) throws(Refusal) {
        let seen = pipeline.sources[source.name]
        let latest = seen?.latest?.ref ?? ""
        var tips = (seen?.commits ?? [:]).filter { git.wants($0.key) }
            .sorted { ($0.key == latest ? 0 : 1, $0.key) < ($1.key == latest ? 0 : 1, $1.key) }
            .compactMap { name, commit in
                ObjectID(commit).map { CourierJob.Tip(name: name, commit: $0) }
            }
        if let ref {
            guard let tip = try Self.tip(ref, among: tips, of: source) else {
                throw Self.unknown(ref, source)
            }
            tips = [tip]
        }
        self.tips = Array(tips.prefix(Self.maximumTips))
        succeeded =
            pipeline.executions.last { $0.end?.outcome == .succeeded && !$0.isRollback }?
            .revisions.first { $0.source == source.name }?.commit
        let isDigits = text.utf8.allSatisfy { byte in
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
        }
        if let tip = try Self.tip(text, among: tips, of: source) {
            meant = .tip(tip)
        } else if isDigits, Self.fewestDigits...ObjectID.digits ~= text.utf8.count {
            meant = .digits(text)
        } else {
            throw Self.unknown(text, source)
        }
    }

    private static func tip(
        _ name: String, among tips: [CourierJob.Tip], of source: Source
    ) throws(Refusal) -> CourierJob.Tip? {
        let names = [name, "refs/heads/\(name)", "refs/tags/\(name)"]
        let found = tips.filter { names.contains($0.name) }
        guard Set(found.map(\.commit)).count <= 1 else {
            throw Refusal(
                .invalid,
                "'\(Report.visible(name))' of '\(source.name)' is both a branch and a tag",
                hint: "write 'refs/heads/…' or 'refs/tags/…'")
        }
        return found.first
    }

    private static func unknown(_ name: String, _ source: Source) -> Refusal {
        Refusal(
            .invalid, "'\(Report.visible(name))' of '\(source.name)' was never seen",
            hint: "give a branch or a tag that counts for the pipeline, or a commit on one")
    }
}
