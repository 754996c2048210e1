import Glibc
import SmallFiles

/// Finds a repository's own folder by its looks, without opening it.
package enum GitFolder {
    private static let longestNote = 4_096

    /// Of a bare repository that is the folder itself, of another one `.git` in it, or what that
    /// names. Nothing if there is no repository.
    package static func find(_ path: String) -> String? {
        guard let real = real(path) else { return nil }
        if isRepository(real) { return real }
        let inner = "\(real)/.git"
        if isRepository(inner) { return inner }
        guard let note = try? SmallFile.text(of: inner, limit: longestNote),
            note.hasPrefix("gitdir: ")
        else { return nil }
        return self.real(named(String(note.dropFirst("gitdir: ".count)), from: real))
    }

    package static func real(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// All folders that what a repository holds is read from, with no link left in their names:
    /// its own, the one that it shares with other working trees, and those that it borrows from.
    static func folders(of path: String) -> [String] {
        guard let own = find(path).flatMap({ real($0) }) else { return [] }
        var found = [own]
        if let note = try? SmallFile.text(of: "\(own)/commondir", limit: longestNote),
            let shared = real(named(note, from: own))
        {
            found.append(shared)
        }
        let parts = found.flatMap { folder in ["objects", "refs", "HEAD"].map { "\(folder)/\($0)" }
        }
        return found + lenders(to: found) + parts.compactMap { real($0) }
    }

    /// As deep as git itself goes, and no further.
    private static func lenders(to repositories: [String]) -> [String] {
        var known: [String] = []
        var next = repositories.compactMap { real("\($0)/objects") }
        for _ in 0..<5 where !next.isEmpty {
            next = next.flatMap { objects in
                let text = try? SmallFile.text(of: "\(objects)/info/alternates", limit: 1 << 16)
                return (text ?? "").split(whereSeparator: \.isNewline)
                    .filter { !$0.hasPrefix("#") }
                    .compactMap { real(named(String($0), from: objects)) }
            }.filter { !known.contains($0) }
            known += next
        }
        return known
    }

    private static func named(_ note: String, from folder: String) -> String {
        let path = note.filter { !$0.isNewline }
        return path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    private static func isRepository(_ path: String) -> Bool {
        ["HEAD", "objects", "refs"].allSatisfy { unsafe access("\(path)/\($0)", F_OK) == 0 }
    }
}
