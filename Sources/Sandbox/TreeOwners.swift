import CLaunch
import Glibc

/// Shows trees of the house to the user of a sandbox as files of that user's own, by mounts that
/// map one owner to another. Nothing on the disk changes, and nothing can be written.
struct TreeOwners: ~Copyable {
    private let slot: Int
    private var mappings: [UInt64: Int32] = [:]

    init(slot: Int) { self.slot = slot }

    deinit { for descriptor in mappings.values { close(descriptor) } }

    mutating func show(_ tree: String, at target: String) throws(SandboxError) {
        var status = stat()
        guard unsafe stat(tree, &status) == 0 else {
            throw SandboxError.system("look at '\(tree)'")
        }
        let owner = UInt64(status.st_uid) << 32 | UInt64(status.st_gid)
        let mapping =
            mappings[owner] ?? slipway_mapping(status.st_uid, status.st_gid, UInt32(slot))
        guard mapping >= 0 else { throw SandboxError.system("map the owner of '\(tree)'") }
        mappings[owner] = mapping
        guard unsafe slipway_mount_tree(tree, target, mapping, View.readOnly) == 0 else {
            throw SandboxError.system(
                "show '\(tree)' as the sandbox's own",
                hint: "the file system has to know mapped mounts, as ext4, xfs, btrfs and tmpfs do "
                    + "since Linux 6.3")
        }
    }
}
