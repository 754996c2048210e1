import Git

/// The checkouts of a repository's submodules in its own folder. Nothing is fetched.
enum Submodules {
    /// The submodules that a tree of a repository has.
    struct Needed {
        let submodules: [Submodule]
        let folder: String
        let tree: ObjectID

        init(_ submodules: [Submodule], folder: String, tree: ObjectID) {
            self.submodules = submodules
            self.folder = folder
            self.tree = tree
        }
    }

    /// The repository that lies at the submodule's place, and no other.
    static func open(_ submodule: Submodule, of folder: String) throws(SourceError) -> Repository {
        guard let name = submodule.path.text else {
            throw error(submodule, folder, "its path is no UTF-8")
        }
        let path = "\(folder)/\(name)"
        do throws(GitError) {
            let found = try Repository.open(at: path)
            // Found through a link, it would be somebody else's.
            if found.folder == path { return found }
        } catch {
            guard error.kind == .notARepository || error.kind == .file else {
                throw SourceError(error)
            }
        }
        throw error(submodule, folder, "it is not checked out in '\(folder)'")
    }

    /// How many are at another commit than is recorded, or have changes of their own. One that is
    /// not checked out has none.
    static func changed(
        _ submodules: [Submodule], of folder: String
    ) throws(SourceError) -> Int {
        var count = 0
        for submodule in submodules {
            guard let repository = try? open(submodule, of: folder) else { continue }
            let (head, tree) = try reading { () throws(GitError) in
                (try repository.head(), try repository.workingTree())
            }
            let isMoved =
                switch head {
                case .branch(_, let id), .detached(let id): id != submodule.commit
                case .unborn: true
                }
            let inner = try changed(tree.submodules, of: repository.folder)
            if isMoved || !tree.changes.isEmpty || inner > 0 { count += 1 }
        }
        return count
    }

    /// Writes the submodules' commits out where the tree has empty folders for them.
    static func fill(
        _ needed: Needed, into target: String, _ modes: TreeModes, _ finder: any SubmoduleFinder,
        _ pointers: inout [RawName], below prefix: RawName = RawName([])
    ) throws(SourceError) {
        for submodule in needed.submodules {
            let repository = try finder.open(submodule, of: needed.folder, tree: needed.tree)
            let place = "\(target)/\(submodule.path.text ?? "")"
            let result: CheckedOut
            let tree: ObjectID
            do throws(GitError) {
                let commit = try repository.commit(submodule.commit)
                let inner = try OpenFolder.open(place)
                tree = commit.tree
                result = try repository.checkOut(tree: tree, into: inner, modes: modes)
            } catch  where error.kind == .missingObject {
                throw Self.error(
                    submodule, needed.folder,
                    "its checkout does not have commit \(submodule.commit)")
            } catch {
                throw SourceError(error)
            }
            let path = prefix.appending(submodule.path)
            pointers += result.pointers.map { path.appending($0) }
            try fill(
                Needed(result.submodules, folder: repository.folder, tree: tree), into: place,
                modes, finder, &pointers, below: path)
        }
    }

    private static func error(
        _ submodule: Submodule, _ folder: String, _ problem: String
    ) -> SourceError {
        SourceError(
            "use submodule '\(submodule.path)' of '\(folder)'", problem: problem,
            hint: "run 'git submodule update --init --recursive' in '\(folder)'")
    }
}
