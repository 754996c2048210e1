import CGit2
import Glibc

/// One repository, opened to be read. Nothing that it configures is ever run: no hook, no file
/// system monitor, no filter; and only its own configuration counts, not the user's. A call may
/// take as long as the disk does, so the owner is a thread that may wait.
@safe package struct Repository: ~Copyable {
    let handle: Handle
    /// The folder with its files; the repository itself where it is bare.
    package let folder: String
    package let isBare: Bool
    /// Its history ends early: parents are named that are not there.
    package let isShallow: Bool

    init(_ handle: consuming Handle) {
        let own = unsafe handle.pointer
        isBare = unsafe git_repository_is_bare(own) == 1
        isShallow = unsafe git_repository_is_shallow(own) == 1
        let place = unsafe git_repository_workdir(own) ?? git_repository_path(own)
        folder = unsafe Self.real(place.map { unsafe String(cString: $0) } ?? "")
        self.handle = handle
    }

    /// The repository's own folder, usually '.git'.
    var ownFolder: String {
        let path = unsafe git_repository_path(handle.pointer)
        return unsafe Self.real(path.map { unsafe String(cString: $0) } ?? "")
    }

    /// The path without links, '..' and a slash at its end.
    static func real(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
