import Artifacts
package import Engine
import Glibc
import Runner
import Sandbox
import SmallFiles
import Sources
import Watchers

extension HouseTrees {
    package struct Removed {
        package internal(set) var artifacts = 0
        package internal(set) var sources = 0
        package internal(set) var workspaces = 0
    }

    /// Removes what none of the executions needs.
    package func clean(
        keeping executions: [Execution], caches clearsCaches: Bool
    ) throws -> Removed {
        if clearsCaches { try clearCaches() }
        var removed = try retire(keeping: executions)
        sweep()
        removed.workspaces = cleanWorkspaces(keeping: executions)
        return removed
    }

    private func clearCaches() throws {
        try caches.clear()
        let builds = BuildShelf(at: "\(home)/builds", room: 0).contents
        // Of users that an ordinary one rules nowhere but in a namespace of theirs.
        BuildLeftovers.remove(builds)
        for path in builds + ["\(home)/bases"] where unsafe access(path, F_OK) == 0 {
            artifacts.discard(path)
        }
    }

    /// Takes away what none of the executions needs, nor an attempt that is under way, nor a cache;
    /// of what was fetched, `commits` stay besides, and artifacts that are `deployed`. The next
    /// sweep removes it. `grace` spares what was made so lately that its maker may not have told of
    /// it yet.
    package func retire(
        keeping executions: [Execution], and commits: Set<String> = [],
        deployed: [String] = [], sparing grace: Duration = .zero
    ) throws -> Removed {
        let used = AttemptPaths(home: home).treesInUse
        var removed = Removed()
        let made = executions.flatMap(\.artifacts).map(\.digest)
        let digests = try made + caches.digests() + deployed
        removed.artifacts = try artifacts.retire(
            keeping: Set(digests + used.map(Self.key)), sparing: grace)
        let needed = commits.union(executions.flatMap(\.revisions).compactMap(\.commit))
        let keys = Set(used.map(Self.key))
        images.retire(keeping: executions, inUse: keys, sparing: grace)
        removed.sources =
            if let fetched {
                try fetched.retire(keeping: needed, inUse: keys, sparing: grace)
            } else {
                try retireSources(needed, keys)
            }
        return removed
    }

    /// A tree lies in a folder by its key.
    private static func key(_ tree: String) -> String {
        tree.split(separator: "/").dropLast().last.map(String.init) ?? ""
    }

    private func retireSources(_ commits: Set<String>, _ used: Set<String>) throws -> Int {
        var keys = used
        for name in FolderNames.list(revisions) {
            let link = "\(revisions)/\(name)"
            if commits.contains(name), let path = FolderNames.target(of: link) {
                keys.insert(Self.key(path))
            } else {
                _ = unsafe unlink(link)
            }
        }
        return try sources.retire(keeping: keys)
    }

    private func cleanWorkspaces(keeping executions: [Execution]) -> Int {
        let living = Set(executions.map { "\($0.id.pipeline)/\($0.id.number)" })
        var count = 0
        for folder in FolderNames.attempts(below: "\(home)/executions", but: living) {
            let kept = ["workspace", "scratch", "channels"].map { "\(folder)/\($0)" }
                .filter { (path: String) in unsafe access(path, F_OK) == 0 }
            for path in kept { artifacts.discard(path) }
            if !kept.isEmpty { count += 1 }
        }
        return count
    }
}

/// Names in folders of the house's own.
enum FolderNames {
    static func list(_ path: String) -> [String] {
        SmallFile.names(in: path).filter { !$0.hasPrefix(".") }.sorted()
    }

    static func target(of link: String) -> String? {
        guard let path = unsafe realpath(link, nil) else { return nil }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// Folders of attempts: pipeline, number, stage, attempt.
    static func attempts(below executions: String, but living: Set<String>) -> [String] {
        var folders: [String] = []
        for pipeline in list(executions) {
            for number in list("\(executions)/\(pipeline)") {
                guard !living.contains("\(pipeline)/\(number)") else { continue }
                let execution = "\(executions)/\(pipeline)/\(number)"
                for stage in list(execution) {
                    folders += list("\(execution)/\(stage)").map { "\(execution)/\(stage)/\($0)" }
                }
            }
        }
        return folders
    }
}
