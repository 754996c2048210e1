import Sources
import Support
import Testing

extension TestRepository {
    func look(
        _ ref: String? = nil, _ wanted: LocalSource.Wanted = .workingTree,
        without exclusions: [String] = []
    ) throws -> SourceRevision {
        try LocalSource.look(at: path, ref: ref, wanted: wanted, without: exclusions)
    }
}

/// A cache in a folder of its own, which goes although what is in it is sealed.
final class Cache {
    let folder: Folder
    let trees: SourceTrees

    init(_ protection: SourceTrees.Protection = .sealed) throws {
        folder = try Folder()
        trees = try SourceTrees(at: folder.file("cache"), protection)
    }

    deinit { _ = try? trees.removeUnused(keeping: []) }

    func tree(_ revision: SourceRevision) throws -> String { try trees.tree(for: revision).path }
}

/// Mode, path and target of all that is in a folder, in order.
func list(_ path: String) throws -> [String] {
    let script = "find \"$1\" -mindepth 1 -printf '%M %P %l\\n' | LC_ALL=C sort -k2"
    let output = try Program.run(["/bin/sh", "-c", script, "sh", path]).output
    return output.split(separator: "\n").map { line in
        line.hasSuffix(" ") ? String(line.dropLast()) : String(line)
    }
}

func text(_ path: String) throws -> String { try Program.run(["/bin/cat", path]).output }

/// The error that `body` ends with.
func failure(_ body: () throws -> Void) throws -> SourceError {
    try #require(throws: SourceError.self, performing: body)
}
