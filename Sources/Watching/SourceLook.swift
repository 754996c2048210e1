package import Engine
package import Pipelines

/// One look at one source: what has changed since the last, and what is to be said of it.
///
/// Hooks, polls and repeated messages all end here, so that what starts an execution is decided in
/// one place, from the refs and the record alone.
package struct SourceLook: Hashable, Sendable {
    /// How many refs of a source start executions by one look; the rest is noted. A definition
    /// whose pattern is widened, or a remote that was restored, brings hundreds at once.
    package static let maximumStarts = 10
    /// How many pushes to one ref between two looks are told apart.
    package static let maximumPushes = 16

    /// Where a ref was before and is now.
    package struct Change: Hashable, Sendable {
        package let ref: String
        package let before: String?
        package let after: String

        package init(ref: String, before: String?, after: String) {
            self.ref = ref
            self.before = before
            self.after = after
        }
    }

    /// What a change brings.
    package struct News: Hashable, Sendable {
        package let message: String
        /// Who wrote and who made the new commits, each as `Name <mail>`.
        package let people: [String]
        /// The new commits, the newest first, as far as they were counted.
        package let commits: [String]
        /// The paths that differ; nothing if nobody can tell.
        package let paths: [String]?
        /// When it was committed, in seconds since 1970.
        package let committedAt: Int?

        package init(
            message: String, people: [String], commits: [String], paths: [String]?,
            committedAt: Int? = nil
        ) {
            self.committedAt = committedAt
            self.message = message
            self.people = people
            self.commits = commits
            self.paths = paths
        }
    }

    package let watched: WatchedSource
    private let git: GitOrigin
    /// Nobody has looked at this source before.
    package let isFirst: Bool
    private let reading: Int
    private let gone: [String]
    /// Refs that were there before anybody looked.
    private let old: [Change]
    private let changed: [Change]

    /// `earlier` is what the remote had when it was last looked at for any source, as far as that
    /// is known: a ref that is where it was then was not pushed to, though this source learns of it
    /// only now.
    package init(
        _ watched: WatchedSource, _ git: GitOrigin, cursor: Cursor, now: RemoteView,
        earlier: RemoteView? = nil
    ) {
        self.watched = watched
        self.git = git
        reading = cursor.reading
        isFirst = cursor.reading == 0
        // The default branch comes last: what is seen last is what other triggers start with.
        let names = now.commits.keys.filter(git.wants).sorted {
            ($0 == now.head ? 1 : 0, $0) < ($1 == now.head ? 1 : 0, $1)
        }
        var old: [Change] = []
        var changed: [Change] = []
        for name in names {
            guard let after = now.commits[name], after != cursor.commits[name] else { continue }
            let change = Change(ref: name, before: cursor.commits[name], after: after)
            let wasThere = change.before == nil && earlier?.commits[name] == after
            if isFirst ? name != git.onlyBranch : wasThere {
                old.append(change)
            } else {
                changed.append(change)
            }
        }
        self.old = old
        self.changed = changed
        // A ref that no longer counts may be wherever it likes.
        gone = cursor.commits.keys.filter { now.commits[$0] == nil }.sorted()
    }

    /// Nothing is to be said.
    package var isQuiet: Bool { gone.isEmpty && old.isEmpty && changed.isEmpty && !isFirst }

    /// The refs whose commits are needed.
    package var refs: [String] { (old + changed).map(\.ref) }

    /// What is to be told, in order. `ask` tells of a change what it brings, and nothing if what
    /// the ref names is no commit; it is asked only where that matters.
    package func sightings<Failure: Error>(
        pushes: [Push], asking ask: (Change) throws(Failure) -> News?
    ) throws(Failure) -> [Sighting] {
        var teller = Teller(watched: watched, reading: reading)
        for ref in gone { teller.tell(ref, nil, note: "it is gone") }
        if isFirst, old.isEmpty, changed.isEmpty {
            teller.tell("HEAD", nil, note: "nothing that counts was there at the first look")
        }
        for change in old {
            // Only what was seen last is ever shown or started with.
            let news = change == old.last && changed.isEmpty ? try ask(change) : nil
            teller.tell(
                change.ref, revision(change, news, pushes: []),
                note: isFirst
                    ? "it was there at the first look" : "it was there before it was asked for")
        }
        let starting = changed.suffix(Self.maximumStarts)
        for change in changed.dropLast(starting.count) {
            teller.tell(
                change.ref, revision(change, nil, pushes: []),
                note: "\(changed.count) refs came at once, and only \(Self.maximumStarts) start "
                    + "executions")
        }
        for change in starting { try tell(change, pushes, &teller, ask) }
        return teller.sightings
    }

    private func tell<Failure: Error>(
        _ change: Change, _ pushes: [Push], _ teller: inout Teller,
        _ ask: (Change) throws(Failure) -> News?
    ) throws(Failure) {
        guard let news = try ask(change) else {
            teller.tell(
                change.ref, revision(change, nil, pushes: []), note: "it names no commit")
            return
        }
        let steps = steps(of: change, news, pushes)
        for step in steps {
            let brought = step == steps.last && steps.count == 1 ? news : try ask(step)
            teller.tell(
                step.ref, revision(step, brought, pushes: pushes), note: note(on: brought))
        }
    }

    /// One change, or as many as there were pushes that a hook told of and that are on the way.
    private func steps(of change: Change, _ news: News, _ pushes: [Push]) -> [Change] {
        var order: [String: Int] = [:]
        for (place, commit) in news.commits.enumerated() { order[commit] = place }
        let between = Set(
            pushes.filter { $0.ref == change.ref && $0.commit != change.after }.map(\.commit)
        ).filter { order[$0] != nil }
        let way =
            between.sorted { (order[$0] ?? 0) > (order[$1] ?? 0) }
            .suffix(Self.maximumPushes - 1) + [change.after]
        var before = change.before
        return way.map { commit in
            defer { before = commit }
            return Change(ref: change.ref, before: before, after: commit)
        }
    }

    private func revision(_ change: Change, _ news: News?, pushes: [Push]) -> Revision {
        let pushers = pushes.filter { $0.ref == change.ref && $0.commit == change.after }
            .compactMap(\.pusher)
        return Revision(
            source: watched.source.name, ref: change.ref, commit: change.after,
            message: news?.message ?? "", authors: Authors.names(of: news?.people ?? [], pushers),
            committedAt: news?.committedAt)
    }

    private func note(on news: News?) -> String? {
        let filter = git.paths
        guard !filter.isEmpty, let paths = news?.paths else { return nil }
        return paths.contains(where: filter.admit)
            ? nil : "it changes none of the files that count"
    }
}
