import Git

/// Writes one version's files into an empty folder.
struct TreeMaker {
    private let revision: SourceRevision
    private let modes: TreeModes
    private let finder: any SubmoduleFinder

    init(_ revision: SourceRevision, _ modes: TreeModes, _ finder: any SubmoduleFinder) {
        self.finder = finder
        self.revision = revision
        self.modes = modes
    }

    func make(in target: String) throws(SourceError) -> [SourceWarning] {
        switch revision.content {
        case .tree(let id): return try checkOut(id, into: target)
        case .workingTree(let digest):
            let repository = try reading { () throws(GitError) in
                try Repository.open(at: revision.folder)
            }
            let tree = try reading { () throws(GitError) in try repository.workingTree() }
            let exclusions = Exclusions(revision.exclusions)
            try copy(try Listing.of(repository, tree, without: exclusions), digest, to: target)
        case .folder(let digest):
            let exclusions = Exclusions(revision.exclusions)
            try copy(
                try Listing.of(folderAt: revision.folder, without: exclusions), digest, to: target)
        }
        return revision.warnings
    }

    private func checkOut(
        _ tree: ObjectID, into target: String
    ) throws(SourceError) -> [SourceWarning] {
        let result = try reading { () throws(GitError) in
            let repository = try Repository.open(at: revision.folder)
            let folder = try OpenFolder.open(target)
            return try repository.checkOut(tree: tree, into: folder, modes: modes)
        }
        var pointers = result.pointers
        try Submodules.fill(
            Submodules.Needed(result.submodules, folder: revision.folder, tree: tree),
            into: target, modes, finder, &pointers)
        return [SourceWarning(.largeFiles, pointers)].compactMap(\.self)
    }

    /// The copy itself is looked at afterwards: what was copied is what was promised, or nothing.
    private func copy(
        _ listing: Listing, _ digest: String, to target: String
    ) throws(SourceError) {
        let snapshot = Snapshot(listing)
        let copied = try reading { () throws(GitError) in
            let source = try OpenFolder.open(revision.folder)
            let copy = try OpenFolder.open(target)
            try snapshot.copy(from: source, to: copy, modes)
            return try snapshot.digest(in: copy).text
        }
        guard copied == digest else {
            throw SourceError(
                "copy '\(revision.folder)'",
                problem: "its files have changed since they were looked at",
                hint: "run it again when nothing writes there, or use a commit")
        }
    }
}
