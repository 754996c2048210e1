package import Git

/// One version of a local source: which files it has, and what is known of where they come from.
package struct SourceRevision: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// The tree of a commit.
        case tree(ObjectID)
        /// The files of a repository's folder with changes that are in no commit, by their digest.
        case workingTree(digest: String)
        /// The files of a folder that is no repository, by their digest.
        case folder(digest: String)
    }

    package let folder: String
    package let content: Content
    /// The commit; with uncommitted changes, the commit and the digest; else the digest alone. Two
    /// looks that give the same text have found the same files.
    package let commit: String
    package let short: String
    /// Such as 'refs/heads/main'; the commit itself where that was asked for or is checked out.
    package let ref: String
    package let branch: String?
    package let tag: String?
    package let message: String
    /// Who wrote the commit, and who made it if that was another, each as `Name <mail>`.
    package let authors: [String]
    /// When the commit was made, in seconds since 1970; nothing where there is none.
    package let committedAt: Int?
    /// How many paths differ from the commit.
    package let changes: Int
    /// Paths of the host whose content is no part of it.
    package let exclusions: [String]
    package let warnings: [SourceWarning]

    /// What the files are kept under: the same for the same files.
    package var key: String {
        switch content {
        case .tree(let id): "git-\(id)"
        case .workingTree(let digest), .folder(let digest): "files-\(digest)"
        }
    }
}

extension SourceRevision {
    /// A commit of a repository that has no folder of its own.
    package init(of commit: Commit, in folder: String) {
        self.init(
            folder: folder, content: .tree(commit.tree), commit: commit.id.description,
            short: commit.shortID, ref: commit.id.description, branch: nil, tag: nil,
            message: commit.message, authors: [], committedAt: Int(commit.committer.seconds),
            changes: 0, exclusions: [], warnings: [])
    }
}
