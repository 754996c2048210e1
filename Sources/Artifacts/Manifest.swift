import Glibc

/// What a tree holds, as one line for each entry in an order of its own: the digest of these lines
/// names the tree.
struct Manifest: Sendable {
    let digest: String
    /// Of all files together, in bytes.
    let size: Int

    /// Looks at every entry of a tree and refuses what no artifact can hold. One that was just
    /// gathered is settled: modes and owners become what the store wants.
    static func of(
        _ root: OpenFolder, output path: String, settling: Settling
    ) throws(ArtifactError) -> Manifest {
        var census = Census(output: path, settling: settling)
        try census.take(root, at: [], depth: 0)
        let size = census.size
        return Manifest(digest: try census.finish(), size: size)
    }
}

/// What is done to the entries of a tree while they are looked at.
enum Settling {
    case nothing
    /// Modes without what may be set beyond reading, writing and running.
    case modes
    /// Modes, and an owner.
    case all(uid_t, gid_t)
}
