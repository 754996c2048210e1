package import Attempts
import CLaunch
import Glibc

/// Where a sandbox is put together before bubblewrap takes it: a file system in memory, in a mount
/// namespace of the supervisor's own, so that all of it is gone with the supervisor however that
/// ends. Every mount point lies on what we made, none below a folder that a stage has written.
package struct Stage: Hashable, Sendable {
    /// A folder that every system has and nobody looks into from here.
    private static let places = ["/mnt", "/media", "/srv"]

    package let path: String

    /// What the commands will see as `/`.
    package var root: String { "\(path)/root" }

    /// What the commands wrote for others to know, seen from outside.
    package var exports: String { "\(root)\(SandboxPlan.exports)" }

    package init(path: String) { self.path = path }

    /// Leaves the host's mounts behind, but for what the host changes until a stage is opened.
    package static func leaveHost(isRoot: Bool) throws(SandboxError) {
        let left = isRoot ? slipway_own_mounts() : slipway_own_mounts_as_user()
        guard left == 0 else {
            throw SandboxError.system(
                "make a mount namespace",
                hint: isRoot ? nil : namespaceHint)
        }
    }

    static let namespaceHint =
        "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 "
        + "user.max_user_namespaces=10000"

    /// Makes the file system in memory, and in it a root with nothing.
    package static func open(
        _ spec: AttemptSpec, secrets: [HandedSecret] = []
    ) throws(SandboxError) -> Stage {
        let seen = spec.readOnly
        let place = places.first { place in
            !seen.contains { $0 == place || $0.hasPrefix(place + "/") }
        }
        guard let place else {
            throw SandboxError(
                "find a place for the sandbox", "the runner shows all of /mnt, /media and /srv")
        }
        guard slipway_keep_mounts() == 0 else { throw SandboxError.system("keep mounts apart") }
        try mountMemory(
            place, "mode=0755", size: ownSize(spec, secrets),
            files: ownFiles(spec, secrets))
        let stage = Stage(path: place)
        try stage.make("")
        // A mount of its own, so that it can be sealed while we still write beside it.
        try stage.show(stage.root, at: "", View.plain)
        return stage
    }

    /// The commands can write to one folder of it, so that it is no larger than what is put there
    /// needs: scripts, secrets, copies of settings.
    private static func ownSize(_ spec: AttemptSpec, _ secrets: [HandedSecret]) -> Int {
        let texts = spec.steps.map(\.script.utf8.count) + secrets.map(\.value.count)
        return texts.reduce(16 << 20) { $0 + $1 + 4_096 }
    }

    private static func ownFiles(_ spec: AttemptSpec, _ secrets: [HandedSecret]) -> Int {
        1_000 + spec.steps.count + secrets.count + spec.inputs.count + spec.layers.count
    }

    static func mountMemory(
        _ place: String, _ options: String, size: Int, files: Int
    ) throws(SandboxError) {
        let options = "\(options),size=\(size),nr_inodes=\(files)"
        guard unsafe slipway_mount_memory(place, options) == 0 else {
            throw SandboxError.system("mount a file system in memory at '\(place)'")
        }
    }

    /// Everything but the workspace. `temporary` is what `/tmp` and `/dev/shm` hold together. Gives
    /// back why inputs are copies, if any is one.
    package func furnish(
        _ spec: AttemptSpec, secrets: [HandedSecret], temporary: Int, owners: inout TreeOwners,
        in folder: AttemptFolder
    ) throws(SandboxError) -> SandboxError? {
        let owner = spec.slot ?? Int(getuid())
        try furnishSystem(spec)
        try furnishDevices()
        try furnishTemporary(size: temporary)
        for folder in ["/run", "/run/steps", "/run/secrets", "/run/slipway"] { try make(folder) }
        for (index, step) in spec.steps.enumerated() {
            try put(Array(step.script.utf8), SandboxPlan.step(index), mode: 0o444)
        }
        for secret in secrets where secret.variable == nil {
            try put(secret.value, "/run/secrets/\(secret.name)", mode: 0o400, owner: owner)
        }
        try put([], SandboxPlan.exports, mode: 0o600, owner: owner)
        try give("/run/slipway", to: owner)
        try show("\(root)/run/slipway", at: "/run/slipway", View.plain)
        try make(SandboxPlan.workspace)
        return try furnishInputs(spec, &owners, in: folder)
    }

    /// Only the trees that a container is shown: a place for the workspace, and the inputs. Gives
    /// back why inputs are copies, if any is one.
    package func furnishTrees(
        _ spec: AttemptSpec, owners: inout TreeOwners, in folder: AttemptFolder
    ) throws(SandboxError) -> SandboxError? {
        try make(SandboxPlan.workspace)
        return try furnishInputs(spec, &owners, in: folder)
    }

    /// Nothing is added any more, and nothing of it can be changed from inside.
    package func seal() throws(SandboxError) {
        guard unsafe slipway_mount_seal(root) == 0 else {
            throw SandboxError.system("seal the root")
        }
    }
}

/// How much of a tree is shown, and whether it can be written.
enum View {
    static let plain: UInt32 = 0
    static let readOnly = SLIPWAY_READ_ONLY.rawValue
    /// A folder of the host, with what is mounted below it.
    static let host = SLIPWAY_READ_ONLY.rawValue | SLIPWAY_WHOLE.rawValue
}
