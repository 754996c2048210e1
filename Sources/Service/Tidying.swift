package import Engine
package import Premises
import Glibc

/// Removes, beside the house's work, what nobody needs any more.
package struct Tidying: Sendable {
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

    /// `state` is not older than what is on the disk: what it does not know of is not needed.
    package func tidy(_ state: EngineState, at now: Int64) throws -> Removed {
        let needed = state.pipelines.values.flatMap(\.executions)
        let names = Set(needed.map { "\($0.id)" })
        let files = ExecutionFiles(of: trees)
        let all = files.all().filter { !names.contains("\($0.pipeline)/\($0.number)") }
        let remains = all.map { one in
            Remains(
                pipeline: one.pipeline, number: one.number, endedAt: one.lastMade,
                bytes: one.bytes)
        }
        let outlived = Set(keep.outlived(remains, at: now).map { "\($0.pipeline)/\($0.number)" })
        let gone = all.filter { outlived.contains("\($0.pipeline)/\($0.number)") }
        for one in gone { files.remove(one) }
        let retired = try trees.retire(keeping: needed)
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
