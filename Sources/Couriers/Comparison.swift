package import Git

/// What a newer commit has that an older one has not: for people who are to decide about it.
package struct Comparison: Hashable, Sendable {
    /// How much is told at most.
    package static let maximumCommits = 100
    package static let maximumFiles = 300
    static let maximumSubject = 200

    /// The newest first.
    package let commits: [Commit]
    /// There are more commits than are told.
    package let isCut: Bool
    /// The first of the paths that differ, in order.
    package let files: [String]

    package init(commits: [Commit], isCut: Bool, files: [String]) {
        self.commits = commits
        self.isCut = isCut
        self.files = files
    }

    package struct Commit: Hashable, Sendable {
        package let id: ObjectID
        /// The first line of its message.
        package let subject: String
        package let author: String
        /// In seconds since 1970.
        package let time: Int

        package init(id: ObjectID, subject: String, author: String, time: Int) {
            self.id = id
            self.subject = subject
            self.author = author
            self.time = time
        }
    }
}

/// A commit that somebody has named by its digits, and a ref that it can be reached from.
package struct Found: Hashable, Sendable {
    package let commit: ObjectID
    package let ref: String?

    package init(commit: ObjectID, ref: String?) {
        self.commit = commit
        self.ref = ref
    }
}

extension Comparison {
    static func make(
        _ mirror: borrowing Repository, from older: ObjectID, to newer: ObjectID
    ) throws(GitError) -> Comparison {
        // Nothing can be told of what the remote no longer has.
        _ = try mirror.commit(older)
        let history = try mirror.history(of: newer, without: [older], atMost: maximumCommits)
        let commits = try history.commits.map { id throws(GitError) in
            let commit = try mirror.commit(id)
            let subject = commit.message.split(whereSeparator: \.isNewline).first ?? ""
            return Commit(
                id: id, subject: String(subject.prefix(maximumSubject)),
                author: commit.author.name, time: Int(commit.author.seconds))
        }
        let files = try mirror.changedPaths(from: older, to: newer).prefix(maximumFiles)
        return Comparison(
            commits: commits, isCut: history.isCut, files: files.map(\.description))
    }
}

extension Found {
    /// The first of the refs that has the commit. The digits may be the first few.
    static func find(
        _ digits: String, among refs: [CourierJob.Tip], in mirror: borrowing Repository
    ) throws(GitError) -> Found {
        let commit = try mirror.resolve(digits).commit
        for ref in refs {
            if ref.commit == commit { return Found(commit: commit, ref: ref.name) }
            let base = try mirror.base(of: ref.commit, and: [commit])
            if base == commit { return Found(commit: commit, ref: ref.name) }
        }
        return Found(commit: commit, ref: nil)
    }
}
