import Artifacts
import Engine
import Glibc
import Runner
import Sources

extension LocalTrees {
    struct Removed {
        var artifacts = 0
        var sources = 0
        var workspaces = 0
    }

    /// Removes what none of the executions needs.
    func clean(keeping executions: [Execution], caches clearsCaches: Bool) throws -> Removed {
        var removed = Removed()
        var needed = Set(executions.flatMap(\.artifacts).map(\.digest))
        if clearsCaches {
            for name in FolderNames.list(caches) { _ = unsafe unlink("\(caches)/\(name)") }
        } else {
            needed.formUnion(keptDigests)
        }
        removed.artifacts = try artifacts.collectGarbage(keeping: needed)
        removed.sources = try cleanSources(keeping: executions)
        removed.workspaces = cleanWorkspaces(keeping: executions)
        return removed
    }

    private func cleanSources(keeping executions: [Execution]) throws -> Int {
        let commits = Set(executions.flatMap(\.revisions).map(\.commit))
        var keys = Set<String>()
        for name in FolderNames.list(revisions) {
            let link = "\(revisions)/\(name)"
            if commits.contains(name), let path = FolderNames.target(of: link) {
                // The tree lies in a folder by its key.
                keys.formUnion(path.split(separator: "/").dropLast().suffix(1).map(String.init))
            } else {
                _ = unsafe unlink(link)
            }
        }
        return try sources.removeUnused(keeping: keys)
    }

    private func cleanWorkspaces(keeping executions: [Execution]) -> Int {
        let living = Set(executions.map { "\($0.id.pipeline)/\($0.id.number)" })
        var count = 0
        for folder in FolderNames.attempts(below: "\(home)/executions", but: living) {
            let kept = ["workspace", "scratch"].map { "\(folder)/\($0)" }
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
        guard let stream = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
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
