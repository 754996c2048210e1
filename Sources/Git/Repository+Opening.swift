import CGit2
import Glibc

extension Repository {
    /// Opens the repository whose files, or which itself, lie in this folder.
    package static func open(at folder: String) throws(GitError) -> Repository {
        try open(folder, "open the repository '\(folder)'", GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue)
    }

    /// Opens the repository that contains this folder.
    package static func discover(around folder: String) throws(GitError) -> Repository {
        let operation = "find the repository around '\(folder)'"
        // To start libgit2 takes milliseconds: it reads every authority that this machine trusts.
        guard isPossible(around: folder) else { throw none(operation) }
        return try open(folder, operation, 0)
    }

    /// Whether that folder, or one around it, has what every repository has.
    private static func isPossible(around folder: String) -> Bool {
        guard unsafe access(folder, F_OK) == 0 else { return true }
        var names = real(folder).split(separator: "/")
        while true {
            let place = names.map { "/\($0)" }.joined()
            if [".git", "HEAD"].contains(where: { unsafe access("\(place)/\($0)", F_OK) == 0 }) {
                return true
            }
            if names.popLast() == nil { return false }
        }
    }

    private static func none(_ operation: String) -> GitError {
        GitError(
            .notARepository, operation, problem: "there is none",
            hint: "name a folder inside a repository, or make one with 'git init'")
    }

    private static func open(
        _ folder: String, _ operation: String, _ flags: UInt32
    ) throws(GitError) -> Repository {
        try Library.use()
        var opened: OpaquePointer?
        let code = unsafe git_repository_open_ext(&opened, folder, flags, nil)
        guard code >= 0, let pointer = unsafe opened else {
            throw openingError(code, folder, operation)
        }
        let repository = Repository(unsafe Handle(pointer, free: git_repository_free))
        let asked = real(folder)
        // 'core.worktree' can name any folder; a repository must not pass off another's files.
        guard isInside(asked, repository.folder) || isInside(asked, repository.ownFolder) else {
            throw GitError(
                .unsupported, operation,
                problem: "its configuration ('core.worktree') says that its files lie in "
                    + "'\(repository.folder)', which does not contain that folder",
                hint: "name '\(repository.folder)' itself, or remove 'core.worktree' from its "
                    + "configuration")
        }
        return repository
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        path == folder || folder == "/" || path.hasPrefix(folder + "/")
    }

    private static func openingError(
        _ code: Int32, _ folder: String, _ operation: String
    ) -> GitError {
        let (words, _) = GitError.lastWords
        guard unsafe access(folder, F_OK) == 0 else { return GitError.kernel(operation) }
        // libgit2 looks whether the user trusts the folder in spite of its owner, and where nothing
        // is configured it reports that instead of the owner.
        if code == GIT_EOWNER.rawValue || words.contains("safe.directory") {
            return GitError(
                .notOwned, operation,
                problem: "'\(place(around: folder))' belongs to another user, who decides what it "
                    + "says",
                hint: "run Slipway as the owner of that folder, or clone the repository as this "
                    + "user; git's 'safe.directory' is not asked")
        }
        if code == GIT_ENOTFOUND.rawValue { return none(operation) }
        if words.contains("extensions.objectformat") {
            return GitError(
                .unsupported, operation,
                problem: "its objects are named by SHA-256, which libgit2 cannot read yet",
                hint: "use a repository with SHA-1 names: 'git init --object-format=sha1'")
        }
        if words.contains("unsupported extension") || words.contains("repository version") {
            return GitError(
                .unsupported, operation, problem: "\(words) (libgit2 \(code))",
                hint: "clone it anew with git's standard settings, and use the clone")
        }
        return GitError(
            .corrupt, operation, problem: "\(words) (libgit2 \(code))", hint: GitError.corruptHint)
    }

    /// The repository's own folder, found without opening it.
    private static func place(around folder: String) -> RawName {
        var buffer = unsafe git_buf()
        defer { unsafe git_buf_dispose(&buffer) }
        guard unsafe git_repository_discover(&buffer, folder, 0, nil) == 0 else {
            return RawName(folder)
        }
        return unsafe RawName(copying: buffer.ptr) ?? RawName(folder)
    }
}
