import CGit2

/// libgit2 itself, started once for the process and told to read nothing but the repository.
enum Library {
    /// The first use starts the library; later ones wait for that or find it done.
    private static let started: String? = start()

    static func use() throws(GitError) {
        guard let problem = started else { return }
        throw GitError(
            .other, "start libgit2", problem: problem, hint: "install libgit2 anew: scripts/setup")
    }

    /// Nothing, or what went wrong.
    private static func start() -> String? {
        guard git_libgit2_init() >= 0 else { return GitError.lastWords.words }
        // What the user or the machine has configured may name files, filters and folders to trust;
        // a revision must not depend on who looks at it.
        let levels = [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
            GIT_CONFIG_LEVEL_GLOBAL,
        ]
        for level in levels where slipway_git_search_nowhere(level.rawValue) < 0 {
            return GitError.lastWords.words
        }
        // Who only reads can do without what these ask for: objects that are missing are reported,
        // none is removed, and a sparse working tree is taken for what it is.
        return allow(["partialclone", "preciousobjects", "worktreeconfig"])
    }

    private static func allow(_ extensions: [StaticString]) -> String? {
        var names: [UnsafePointer<CChar>?] = unsafe extensions.map { name in
            unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        }
        let code = unsafe slipway_git_allow_extensions(&names, names.count)
        return code < 0 ? GitError.lastWords.words : nil
    }
}
