/// In which folders of this machine repositories may lie: whoever writes a definition has no
/// account here, and is not to read what the server's user can.
package enum FolderPolicy: Hashable, Sendable {
    case anywhere
    case within([String])

    /// Why a path may not be read from; nothing if it may. Links are followed first, and it is told
    /// in the same words whether there is something or not.
    package func refusal(of path: String) -> GitError? {
        guard case .within(let folders) = self else { return nil }
        let real = folders.map { GitFolder.real($0) ?? $0 }
        let places = ([Self.resolved(path)] + GitFolder.folders(of: path)).compactMap(\.self)
        let isInside = places.allSatisfy { place in
            real.contains { Self.isWithin(place, folder: $0) }
        }
        return isInside && !Self.climbs(path) ? nil : Self.refusal(path, folders)
    }

    /// What may be read for several who want the same.
    package static func widest(_ policies: [FolderPolicy]) -> FolderPolicy {
        var folders: [String] = []
        for policy in policies {
            guard case .within(let more) = policy else { return .anywhere }
            folders += more.filter { !folders.contains($0) }
        }
        return .within(folders)
    }

    /// Whether a path without links is a folder or lies in it.
    package static func isWithin(_ path: String, folder: String) -> Bool {
        let (inner, outer) = (parts(path), parts(folder))
        return inner.starts(with: outer)
    }

    /// Where the part that is there really is, and the rest as it is written.
    private static func resolved(_ path: String) -> String {
        var there = parts(path)
        var rest: [Substring] = []
        while !there.isEmpty {
            if let real = GitFolder.real("/" + there.joined(separator: "/")) {
                return ([Substring(real)] + rest).joined(separator: "/")
            }
            rest.insert(there.removeLast(), at: 0)
        }
        return "/" + rest.joined(separator: "/")
    }

    private static func climbs(_ path: String) -> Bool { parts(path).contains("..") }

    private static func parts(_ path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }
    }

    private static func refusal(_ path: String, _ folders: [String]) -> GitError {
        let known = folders.map { "'\(RawName($0))'" }.joined(separator: ", ")
        return GitError(
            .address, "use the repository '\(RawName(path))'",
            problem: "it is on the server's machine, and "
                + (known.isEmpty
                    ? "no folder there is open to definitions"
                    : "not in a folder there that is open to definitions: \(known)"),
            hint: "whoever hosts the server names its folder in 'server.yml' under 'folders'; or "
                + "reach it by https:// or ssh://")
    }
}
