import Git

/// A folder of this machine as a source: the repository that contains it, or the folder itself.
package enum LocalSource {
    package enum Wanted: Sendable {
        /// What is committed, whatever lies in the folder.
        case commit
        /// What lies in the folder, where it differs from the commit.
        case workingTree
    }

    private static let shortDigest = 12

    /// Finds the version that is there now: a ref's, or that of HEAD. A `ref` is always a commit.
    /// `exclusions` are paths of the host, without links, that are never part of a source.
    package static func look(
        at folder: String, ref: String? = nil, wanted: Wanted = .workingTree,
        without exclusions: [String] = []
    ) throws(SourceError) -> SourceRevision {
        let repository: Repository
        do throws(GitError) {
            repository = try Repository.discover(around: folder)
        } catch {
            guard error.kind == .notARepository, ref == nil else { throw SourceError(error) }
            return try lookAtFiles(of: folder, exclusions)
        }
        if ref == nil, wanted == .workingTree, !repository.isBare,
            let changed = try lookAtChanges(of: repository, exclusions)
        {
            return changed
        }
        let facts = try CommitFacts.of(ref ?? "HEAD", in: repository)
        return SourceRevision(
            folder: repository.folder, content: .tree(facts.commit.tree),
            commit: facts.commit.id.description, short: facts.commit.shortID, ref: facts.ref,
            branch: facts.branch, tag: facts.tag, message: facts.commit.message,
            authors: facts.authors, committedAt: Int(facts.commit.committer.seconds), changes: 0,
            exclusions: [], warnings: [])
    }

    /// Nothing if the folder is as its commit has it.
    private static func lookAtChanges(
        of repository: borrowing Repository, _ exclusions: [String]
    ) throws(SourceError) -> SourceRevision? {
        let tree = try reading { () throws(GitError) in try repository.workingTree() }
        let excluded = Exclusions(exclusions)
        let changes = tree.changes.filter { !excluded.contain($0, in: repository.folder) }.count
        let moved = try Submodules.changed(tree.submodules, of: repository.folder)
        guard changes + moved > 0 else { return nil }
        let listing = try Listing.of(repository, tree, without: excluded)
        let digest = try digest(of: listing, in: repository.folder)
        let facts = try CommitFacts.ofHead(in: repository)
        let mark = String(digest.text.prefix(shortDigest))
        return SourceRevision(
            folder: repository.folder, content: .workingTree(digest: digest.text),
            commit: facts.map { "\($0.commit.id)-\(mark)" } ?? digest.text,
            short: facts.map { "\($0.commit.shortID)-\(mark)" } ?? mark, ref: facts?.ref ?? "",
            branch: facts?.branch, tag: nil, message: facts?.commit.message ?? "",
            authors: facts?.authors ?? [],
            committedAt: facts.map { Int($0.commit.committer.seconds) },
            changes: changes + moved, exclusions: exclusions,
            warnings: warnings(digest, listing))
    }

    private static func lookAtFiles(
        of folder: String, _ exclusions: [String]
    ) throws(SourceError) -> SourceRevision {
        let listing = try Listing.of(folderAt: folder, without: Exclusions(exclusions))
        let digest = try digest(of: listing, in: folder)
        return SourceRevision(
            folder: folder, content: .folder(digest: digest.text), commit: digest.text,
            short: String(digest.text.prefix(shortDigest)), ref: "", branch: nil, tag: nil,
            message: "", authors: [], committedAt: nil, changes: 0, exclusions: exclusions,
            warnings: warnings(digest, listing))
    }

    private static func digest(
        of listing: Listing, in folder: String
    ) throws(SourceError) -> Snapshot.Digest {
        try reading { () throws(GitError) in
            try Snapshot(listing).digest(in: try OpenFolder.open(folder))
        }
    }

    private static func warnings(_ digest: Snapshot.Digest, _ listing: Listing) -> [SourceWarning] {
        [
            SourceWarning(.largeFiles, digest.pointers),
            SourceWarning(.strangers, listing.strangers),
        ].compactMap(\.self)
    }
}
