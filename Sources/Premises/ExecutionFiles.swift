import Glibc
import SmallFiles

/// The files of one execution.
package struct Remains: Hashable, Sendable {
    package let pipeline: String
    package let number: Int
    /// When something was last made there, in milliseconds since 1970.
    package let lastMade: Int64
    package let bytes: Int

    package init(pipeline: String, number: Int, lastMade: Int64, bytes: Int) {
        self.pipeline = pipeline
        self.number = number
        self.lastMade = lastMade
        self.bytes = bytes
    }

    package var name: String { "\(pipeline)/\(number)" }
}

/// What executions have left on the disk: logs, reports, what was kept of workspaces.
package struct ExecutionFiles: Sendable {
    private let trees: HouseTrees

    package init(of trees: HouseTrees) { self.trees = trees }

    /// Of every execution that has left something.
    package func all() -> [Remains] {
        let root = "\(trees.home)/executions"
        return FolderNames.list(root).flatMap { pipeline in
            FolderNames.list("\(root)/\(pipeline)").compactMap { name -> Remains? in
                guard let number = Int(name) else { return nil }
                let use = DiskTime.of("\(root)/\(pipeline)/\(name)", depth: Self.depth)
                return Remains(
                    pipeline: pipeline, number: number, lastMade: use.last, bytes: use.bytes)
            }
        }
    }

    /// Nothing of it can be looked at any more, but what is on the record.
    package func remove(_ remains: Remains) {
        trees.remove("executions/\(remains.name)")
    }

    /// Stage, attempt, and the files in it. A workspace that was kept is not looked into.
    private static let depth = 3
}

/// What a folder takes on the disk, and when something in it was last made.
private struct DiskTime {
    var bytes = 0
    var last: Int64 = 0

    static func of(_ path: String, depth: Int) -> DiskTime {
        var use = DiskTime()
        use.count(path, depth)
        return use
    }

    private mutating func count(_ path: String, _ depth: Int) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        bytes += Int(status.st_blocks) * 512
        let time = status.st_mtim
        last = max(last, Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
        guard depth > 0, status.st_mode & S_IFMT == S_IFDIR else { return }
        for name in SmallFile.names(in: path) { count("\(path)/\(name)", depth - 1) }
    }
}
