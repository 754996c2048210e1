import Cryptography
import Glibc

/// What a tree holds, in an order of its own, as bytes: their digest names the tree.
struct Manifest: Sendable {
    let bytes: [UInt8]
    /// Of all files together, in bytes.
    let size: Int

    var digest: String { SHA256.hex(of: bytes) }

    /// Looks at every entry of a tree and refuses what no artifact can hold. One that was just
    /// gathered is settled: modes and owners become what the store wants.
    static func of(
        _ root: OpenFolder, output path: String, settling owner: Settling
    ) throws(ArtifactError) -> Manifest {
        var census = Census(output: path, settling: owner)
        try census.take(root, at: [], depth: 0)
        let digests = try Hashing.digests(of: census.files)
        var bytes: [UInt8] = []
        for line in census.lines {
            bytes += line.text
            if let file = line.file { bytes += Array(digests[file].utf8) }
            bytes.append(0x0A)
        }
        return Manifest(bytes: bytes, size: census.size)
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
