import CLaunch
import Glibc

/// Shows trees of the house to the user of a sandbox as files of that user's own, by mounts that
/// map one owner to another. Nothing on the disk changes, and nothing can be written.
package struct TreeOwners: ~Copyable {
    /// Whose they will seem to be; nothing where they are shown as they are.
    package let slot: Int?
    private var mappings: [UInt64: Int32] = [:]

    /// Most trees are our own, so the mapping for those is made at once.
    package init(slot: Int?) {
        self.slot = slot
        guard let slot else { return }
        let mapping = slipway_mapping(geteuid(), getegid(), UInt32(slot))
        if mapping >= 0 { mappings[Self.key(geteuid(), getegid())] = mapping }
    }

    deinit { for descriptor in mappings.values { close(descriptor) } }

    mutating func show(_ tree: String, at target: String) throws(SandboxError) {
        let mapping = try mapping(for: tree)
        guard unsafe slipway_mount_tree(tree, target, mapping, View.readOnly) == 0 else {
            throw SandboxError.system(
                "show '\(tree)' as the sandbox's own",
                hint: "the file system has to know mapped mounts, as ext4, xfs, btrfs and tmpfs do "
                    + "since Linux 6.3")
        }
    }

    private mutating func mapping(for tree: String) throws(SandboxError) -> Int32 {
        guard let slot else { return -1 }
        var status = stat()
        guard unsafe stat(tree, &status) == 0 else {
            throw SandboxError.system("look at '\(tree)'")
        }
        let key = Self.key(status.st_uid, status.st_gid)
        if let known = mappings[key] { return known }
        let mapping = slipway_mapping(status.st_uid, status.st_gid, UInt32(slot))
        guard mapping >= 0 else { throw SandboxError.system("map the owner of '\(tree)'") }
        mappings[key] = mapping
        return mapping
    }

    private static func key(_ user: uid_t, _ group: gid_t) -> UInt64 {
        UInt64(user) << 32 | UInt64(group)
    }
}
