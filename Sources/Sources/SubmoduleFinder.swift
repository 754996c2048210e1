package import Git

/// Where the repositories of submodules are found.
package protocol SubmoduleFinder {
    /// The repository with the submodule's commit. `folder` is that of the repository that has it,
    /// and `tree` the one with its place.
    func open(
        _ submodule: Submodule, of folder: String, tree: ObjectID
    ) throws(SourceError) -> Repository
}

/// The checkouts in a repository's own folder. Nothing is fetched.
struct CheckedOutSubmodules: SubmoduleFinder {
    func open(
        _ submodule: Submodule, of folder: String, tree: ObjectID
    ) throws(SourceError) -> Repository {
        try Submodules.open(submodule, of: folder)
    }
}
