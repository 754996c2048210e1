import Couriers
import Engine
import Git
import Pipelines
import Server
import Synchronization
import Watchers
import Watching

/// Tells what lies between revisions, and finds those that people name, in what was fetched.
final class MirrorShipping: Shipping {
    /// Comparisons never change, and a list of approvals asks for each of them again and again.
    private static let mostRemembered = 200

    private let trees: RevisionTrees
    private let remembered = Mutex<[Key: Shipment]>([:])

    private struct Key: Hashable, Sendable {
        let address: String
        let from: String
        let to: String
    }

    init(_ trees: RevisionTrees) { self.trees = trees }

    func commits(from: String, to: String, of source: Source) -> Shipment? {
        guard from != to else { return Shipment([], isCut: false) }
        // What lies between two images, no registry can tell.
        guard let git = source.git else { return nil }
        let key = Key(address: git.address, from: from, to: to)
        if let known = remembered.withLock({ $0[key] }) { return known }
        guard let older = ObjectID(from), let newer = ObjectID(to),
            let address = try? RemoteAddress(parsing: git.address),
            let told = try? trees.comparison(from: older, to: newer, at: address)
        else { return nil }
        let shipment = Shipment(told)
        remembered.withLock { remembered in
            if remembered.count >= Self.mostRemembered { remembered = [:] }
            remembered[key] = shipment
        }
        return shipment
    }

    func revision(
        _ commit: String, at ref: String?, of source: Source, in pipeline: PipelineState
    ) throws(Refusal) -> Revision {
        // One that was carried is known with all who had a part in it, and though its ref is gone.
        // Of one that was only noted nobody has asked who wrote it.
        let seen = try? SeenAlone().revision(commit, at: ref, of: source, in: pipeline)
        if let seen, !seen.authors.isEmpty { return seen }
        guard let git = source.git else {
            return try SeenAlone().revision(commit, at: ref, of: source, in: pipeline)
        }
        let choice = try RevisionChoice(commit, at: ref, of: source, git, in: pipeline)
        do throws(GitError) {
            let address = try RemoteAddress(parsing: git.address)
            let found = try find(choice, at: address)
            guard let name = found.ref else { throw Self.outside(commit, source) }
            let base = choice.succeeded.flatMap { ObjectID($0) }
            let news = try trees.news(
                of: found.commit, since: [base].compactMap(\.self), at: address)
            // Whoever wants its files asks for them by the commit alone.
            try trees.note(found.commit.description, from: address)
            return Revision(
                source: source.name, ref: name, commit: found.commit.description,
                message: news.message, authors: Authors.names(of: news.people, []),
                committedAt: news.committedAt)
        } catch {
            throw Refusal(
                .invalid, "'\(Report.visible(commit))' of '\(source.name)': \(error.problem)",
                hint: error.hint)
        }
    }

    private func find(
        _ choice: RevisionChoice, at address: RemoteAddress
    ) throws(GitError) -> Found {
        switch choice.meant {
        case .tip(let tip): return Found(commit: tip.commit, ref: tip.name)
        case .digits(let digits):
            return try trees.find(digits, among: choice.tips, at: address)
        }
    }

    private static func outside(_ commit: String, _ source: Source) -> GitError {
        GitError(
            .unknownName, "find '\(RawName(commit))'",
            problem: "it is on no branch or tag that counts for the pipeline",
            hint: "push it to one that does; the definition's 'branches' and 'tags' name them")
    }
}

extension Shipment {
    fileprivate init(_ told: Couriers.Comparison) {
        self.init(
            told.commits.map { commit in
                Commit(
                    id: commit.id.description, subject: commit.subject, author: commit.author,
                    time: commit.time * 1_000)
            }, isCut: told.isCut, files: told.files)
    }
}
