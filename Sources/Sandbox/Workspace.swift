package import Attempts
import CLaunch
import Glibc

/// The folder that commands work in: a view of the layers that copies a file when it is written, so
/// its cost does not grow with the size of the tree.
package enum Workspace {
    /// Makes it at `target`; what is written goes to `upper`.
    package static func mount(
        _ spec: AttemptSpec, in folder: AttemptFolder, on stage: Stage,
        owners: inout TreeOwners
    ) throws(SandboxError) {
        let owner = spec.slot ?? Int(getuid())
        let target = "\(stage.root)/workspace"
        try make(folder.workspace, owner: owner)
        guard !spec.layers.isEmpty else {
            guard unsafe slipway_mount_tree(folder.workspace, target, -1, View.plain) == 0 else {
                throw SandboxError.system("show the workspace")
            }
            return
        }
        try make(folder.scratch, owner: owner)
        var lowers = spec.layers
        let isRoot = owners.slot != nil
        if isRoot {
            for (index, layer) in spec.layers.enumerated() {
                lowers[index] = "\(stage.path)/layer-\(index)"
                guard unsafe mkdir(lowers[index], 0o755) == 0 else {
                    throw SandboxError.system("make '\(lowers[index])'")
                }
                try owners.show(layer, at: lowers[index])
            }
        }
        var options = lowers.map(escaped).joined(separator: ":")
        options =
            "lowerdir=\(options),upperdir=\(escaped(folder.workspace))"
            + ",workdir=\(escaped(folder.scratch))"
        // Off, whatever the kernel was built with: they put into the upper folder what only this
        // kernel understands, and a renamed folder would be collected as an empty one.
        options += isRoot ? ",redirect_dir=off,metacopy=off,index=off" : ",userxattr"
        // Nobody has to wait until all of the disk is written when it is taken apart: what was not
        // brought home when the machine goes down is lost anyway.
        options += ",volatile"
        guard unsafe slipway_mount_overlay(target, options) == 0 else {
            throw SandboxError.system(
                "mount an overlay for the workspace",
                hint: "the house's folder has to lie on a file system that can be its upper layer, "
                    + "such as ext4, xfs, btrfs or tmpfs, and not on an overlay")
        }
    }

    private static func make(_ path: String, owner: Int) throws(SandboxError) {
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST,
            unsafe lchown(path, uid_t(owner), gid_t(owner)) == 0 || getuid() != 0
        else { throw SandboxError.system("make '\(path)'") }
    }

    /// Colons and commas have a meaning in the options of an overlay.
    private static func escaped(_ path: String) -> String {
        var escaped = ""
        for character in path {
            if ["\\", ":", ","].contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
