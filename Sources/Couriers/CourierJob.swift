package import Git

/// What a courier is asked to do.
package enum CourierJob: Hashable, Sendable {
    /// To connect to a remote and tell its refs. The connection is kept for a `fetch` if there is a
    /// mirror to fetch into.
    case look(Look)
    /// To tell the refs of several remotes, one after the other: a `refs` or a failure for each,
    /// and `done` when no more are looked at. After so long no other is begun.
    case round([Look], Duration)
    /// To ask a registry what a tag stands for.
    case tag(TagQuestion)
    /// To bring these refs into the mirror, over the connection of the look just before.
    case fetch([String])
    /// To tell what a commit of a mirror brings.
    case news(Question)
    /// To write the files of a commit out, where they are not there yet.
    case write(Writing)
    /// To tell what a commit of a mirror has that another has not.
    case compare(mirror: String, from: ObjectID, to: ObjectID)
    /// To find a commit by its first digits, and which of the refs has it.
    case find(mirror: String, digits: String, among: [Tip])
    /// To put all packs of a mirror into one, with what its refs and these commits need.
    case repack(mirror: String, keeping: [ObjectID])
    /// To throw a mirror away that is of no use.
    case forget(mirror: String)

    /// Where a ref is.
    package struct Tip: Hashable, Sendable {
        package let name: String
        package let commit: ObjectID

        package init(name: String, commit: ObjectID) {
            self.name = name
            self.commit = commit
        }
    }

    package struct Look: Hashable, Sendable {
        package let address: RemoteAddress
        package let access: Access
        package let policy: FetchPolicy
        /// Where what is fetched goes. Without one nothing can be, and a look costs less.
        package let mirror: String?
        /// A courier was killed at work there: what it held has to be taken off first.
        package let sweeps: Bool

        package init(
            _ address: RemoteAddress, _ access: Access, _ policy: FetchPolicy, mirror: String?,
            sweeps: Bool
        ) {
            self.address = address
            self.access = access
            self.policy = policy
            self.mirror = mirror
            self.sweeps = sweeps
        }
    }

    package struct Question: Hashable, Sendable {
        package let mirror: String
        package let tip: ObjectID
        /// What the same ref was at before.
        package let before: ObjectID?
        /// What the other refs are at, as far as they are known.
        package let seen: [ObjectID]
        package let wantsPaths: Bool

        package init(
            mirror: String, tip: ObjectID, before: ObjectID?, seen: [ObjectID], wantsPaths: Bool
        ) {
            self.mirror = mirror
            self.tip = tip
            self.before = before
            self.seen = seen
            self.wantsPaths = wantsPaths
        }
    }

    package struct Writing: Hashable, Sendable {
        package let mirror: String
        package let commit: ObjectID
        /// The folder of the `SourceTrees`, and this start of the machine.
        package let trees: String
        package let boot: String
        /// Where the mirror came from, and what is shown there: submodules come from beside it.
        package let address: RemoteAddress
        package let access: Access
        package let policy: FetchPolicy
        /// The folder for the mirrors of submodules.
        package let submodules: String

        package init(
            mirror: String, commit: ObjectID, trees: String, boot: String,
            from address: RemoteAddress, _ access: Access, _ policy: FetchPolicy,
            submodules: String
        ) {
            self.mirror = mirror
            self.commit = commit
            self.trees = trees
            self.boot = boot
            self.address = address
            self.access = access
            self.policy = policy
            self.submodules = submodules
        }
    }
}

/// What a courier answers.
package enum CourierAnswer: Hashable, Sendable {
    /// It is still at work, and has come further.
    case busy
    case done
    case refs(RemoteRefs)
    case tag(FoundTag)
    case news(News)
    case comparison(Comparison)
    case found(Found)
    case tree(path: String, warnings: [String])
    case failed(GitError)
}

/// What a commit brings to those who know what was there before.
package struct News: Hashable, Sendable {
    /// How much is told at most.
    package static let maximumCommits = 1_000
    package static let maximumPeople = 100
    package static let maximumPaths = 200_000
    package static let maximumMessage = 2_000

    package let message: String
    /// Who wrote and who made what is new.
    package let people: [String]
    /// The new commits, the newest first.
    package let commits: [ObjectID]
    /// What it changes; nothing if that was not asked, or cannot be told.
    package let paths: [String]?
    /// When it was committed, in seconds since 1970.
    package let committedAt: Int?

    package init(
        message: String, people: [String], commits: [ObjectID], paths: [String]?,
        committedAt: Int? = nil
    ) {
        self.message = message
        self.people = people
        self.commits = commits
        self.paths = paths
        self.committedAt = committedAt
    }
}
