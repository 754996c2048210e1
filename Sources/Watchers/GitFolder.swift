import Glibc
import SmallFiles

/// Finds a repository's own folder by its looks, without opening it.
enum GitFolder {
    private static let longestNote = 4_096

    /// Of a bare repository that is the folder itself, of another one `.git` in it, or what that
    /// names. Nothing if there is no repository.
    static func find(_ path: String) -> String? {
        guard let real = real(path) else { return nil }
        if isRepository(real) { return real }
        let inner = "\(real)/.git"
        if isRepository(inner) { return inner }
        guard let note = try? SmallFile.text(of: inner, limit: longestNote),
            note.hasPrefix("gitdir: ")
        else { return nil }
        let named = note.dropFirst("gitdir: ".count).filter { !$0.isNewline }
        return self.real(named.hasPrefix("/") ? String(named) : "\(real)/\(named)")
    }

    static func real(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func isRepository(_ path: String) -> Bool {
        ["HEAD", "objects", "refs"].allSatisfy { unsafe access("\(path)/\($0)", F_OK) == 0 }
    }
}
