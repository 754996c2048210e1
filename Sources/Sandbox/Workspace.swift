package import Attempts
import CLaunch
import Glibc

/// The folder that commands work in: a view of the layers that copies a file when it is written, so
/// its cost does not grow with the size of the tree.
package enum Workspace {
    /// Makes it. Gives back why it is a copy, if it is one: where nothing can be laid over the
    /// layers, all of them are copied, which costs as much as they are large.
    package static func mount(
        _ spec: AttemptSpec, in folder: AttemptFolder, on stage: Stage,
        owners: inout TreeOwners
    ) throws(SandboxError) -> SandboxError? {
        let owner = spec.slot ?? Int(getuid())
        try make(folder.workspace, owner: owner)
        guard !spec.layers.isEmpty else {
            try show(folder, on: stage)
            return nil
        }
        do throws(SandboxError) {
            if spec.service?.isReadOnly == true, spec.layers.count == 1 {
                try owners.show(spec.layers[0], at: stage.root + SandboxPlan.workspace)
            } else {
                try overlay(spec, in: folder, on: stage, &owners, owner: owner)
            }
            return nil
        } catch {
            try TreeCopy(owner: spec.slot).make(spec.layers, in: folder.workspace)
            // Whoever collects must not look for the rest in the layers.
            guard unsafe mkdir(folder.copied, 0o700) == 0 else {
                throw SandboxError.system("make '\(folder.copied)'")
            }
            try show(folder, on: stage)
            return error
        }
    }

    private static func show(
        _ folder: AttemptFolder, on stage: Stage
    ) throws(SandboxError) {
        try stage.show(folder.workspace, at: SandboxPlan.workspace, View.plain)
    }

    private static func overlay(
        _ spec: AttemptSpec, in folder: AttemptFolder, on stage: Stage,
        _ owners: inout TreeOwners, owner: Int
    ) throws(SandboxError) {
        let target = stage.root + SandboxPlan.workspace
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
                hint:
                    "the house's folder is best on a file system that can be its upper layer, such "
                    + "as ext4, xfs, btrfs or tmpfs, and not on an overlay")
        }
    }

    /// Only the folders for what is written, where somebody else mounts the workspace over them.
    package static func makeFolders(
        _ spec: AttemptSpec, in folder: AttemptFolder
    ) throws(SandboxError) {
        for path in [folder.workspace] + (spec.layers.isEmpty ? [] : [folder.scratch]) {
            try make(path, owner: spec.slot ?? Int(getuid()))
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
