import CGit2

extension Repository {
    /// Opens the bare repository in a folder that is Slipway's own, or makes it.
    package static func mirror(at folder: String) throws(GitError) -> Repository {
        do throws(GitError) {
            return try open(at: folder)
        } catch {
            guard error.kind == .notARepository || error.kind == .file else { throw error }
        }
        let operation = "make the mirror '\(folder)'"
        var options = unsafe git_repository_init_options()
        try attempt(operation) {
            unsafe git_repository_init_options_init(
                &options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        }
        unsafe options.flags =
            GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
        let made = try unsafe Handle.obtain(operation, free: git_repository_free) {
            unsafe git_repository_init_ext(&$0, folder, &options)
        }
        return Repository(made)
    }

    /// Repositories may belong to anybody from now on, in this process: for one that runs nothing
    /// and has no business but to read what it is told to.
    package static func trustEveryOwner() throws(GitError) {
        try Library.use()
        try attempt("read what belongs to others") { slipway_git_trust_every_owner() }
    }
}
