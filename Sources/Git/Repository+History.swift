import CGit2

/// What a commit brings that others did not have.
package struct History: Hashable, Sendable {
    /// The newest first; no more than were asked for.
    package let commits: [ObjectID]
    /// Who wrote and who made them, each once, those of the newest first.
    package let people: [String]
    /// There are more commits than were asked for.
    package let isCut: Bool
}

extension Repository {
    /// The commits that can be reached from one and from none of the others. Others that are not
    /// here hide nothing.
    package func history(
        of tip: ObjectID, without others: [ObjectID], atMost limit: Int
    ) throws(GitError) -> History {
        let operation = "read the history of \(tip) in '\(folder)'"
        let walk = try unsafe Handle.obtain(operation, free: git_revwalk_free) {
            unsafe git_revwalk_new(&$0, handle.pointer)
        }
        var id = tip.oid
        try attempt(operation) {
            unsafe git_revwalk_sorting(
                walk.pointer, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue)
        }
        try attempt(operation) { unsafe git_revwalk_push(walk.pointer, &id) }
        for other in others where contains(other) {
            var hidden = other.oid
            try attempt(operation) { unsafe git_revwalk_hide(walk.pointer, &hidden) }
        }
        var commits: [ObjectID] = []
        var people: [String] = []
        var known: Set<String> = []
        while true {
            var next = git_oid()
            let code = unsafe git_revwalk_next(&next, walk.pointer)
            if code == GIT_ITEROVER.rawValue { break }
            guard code >= 0 else { throw GitError.last(code, operation) }
            guard commits.count < limit else {
                return History(commits: commits, people: people, isCut: true)
            }
            commits.append(ObjectID(next))
            for person in try self.people(of: ObjectID(next)) where known.insert(person).inserted {
                people.append(person)
            }
        }
        return History(commits: commits, people: people, isCut: false)
    }

    /// The newest commit that both a commit and one of the others come from; nothing if none is.
    package func base(of tip: ObjectID, and others: [ObjectID]) throws(GitError) -> ObjectID? {
        let ids = [tip] + others.filter { contains($0) }
        guard ids.count > 1 else { return nil }
        let oids = ids.map(\.oid)
        var base = git_oid()
        let code = unsafe git_merge_base_many(&base, handle.pointer, oids.count, oids)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        guard code >= 0 else { throw GitError.last(code, "compare commits of '\(folder)'") }
        return ObjectID(base)
    }

    /// Whether it is here and is a commit.
    package func contains(_ commit: ObjectID) -> Bool {
        (try? commitHandle(commit, "look for a commit")) != nil
    }
}
