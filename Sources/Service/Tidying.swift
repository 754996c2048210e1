import Deployment
package import Engine
package import Premises
import Glibc

/// Removes, beside the house's work, what nobody needs any more.
package struct Tidying: Sendable {
    /// What was made so lately may not have been told of yet.
    private static var grace: Duration { .seconds(3_600) }

    private let trees: HouseTrees
    private let keep: Keeping

    package init(_ trees: HouseTrees, keeping keep: Keeping) {
        self.trees = trees
        self.keep = keep
    }

    package struct Removed: Hashable, Sendable {
        package let executions: Int
        package let artifacts: Int
        package let sources: Int
    }

    /// What `state` does not know of is not needed, unless it is very new.
    package func tidy(_ state: EngineState, at now: Int64) throws -> Removed {
        let needed = state.pipelines.values.flatMap(\.executions)
        let names = Set(needed.map { "\($0.id)" })
        let files = ExecutionFiles(of: trees)
        let remains = files.all().filter { !names.contains($0.name) }
        let gone = keep.outlived(remains, at: now)
        for one in gone { files.remove(one) }
        let seen = state.pipelines.values.flatMap(\.sources.values)
        // What can be put back needs its files.
        let deployed = state.environments.values.flatMap { $0.site.releases.values }
            .flatMap { [$0.version, $0.handover?.templates].compactMap(\.self) }
        let retired = try trees.retire(
            keeping: needed, and: Set(seen.flatMap(\.commits.values)), deployed: deployed,
            sparing: Self.grace)
        trees.sweep()
        return Removed(
            executions: gone.count, artifacts: retired.artifacts, sources: retired.sources)
    }
}

/// How much room there is on the disk of the house.
package enum DiskRoom {
    /// What is wrong with it, for people; nothing if there is enough. `bytes` is what there should
    /// be, and one in a hundred of its entries.
    package static func problem(of folder: String, wanting bytes: Int) -> String? {
        var status = statvfs()
        guard unsafe statvfs(folder, &status) == 0 else { return nil }
        let left = Int(status.f_bavail) * Int(status.f_frsize)
        if left < bytes {
            return "only \(mebibytes(left)) MiB are left on the disk of '\(folder)', and "
                + "\(mebibytes(bytes)) are wanted before anything new is begun"
        }
        // Some file systems make inodes as they are needed, and say that there are none.
        if status.f_files > 0, Int(status.f_favail) < Int(status.f_files) / 100 {
            return "hardly any files can be made any more on the disk of '\(folder)'"
        }
        return nil
    }

    private static func mebibytes(_ bytes: Int) -> Int { bytes >> 20 }
}
