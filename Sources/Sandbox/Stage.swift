package import Attempts
import CLaunch
import Glibc

/// Where the parts of a sandbox are put together before bubblewrap takes them: a file system in
/// memory, in a mount namespace of the supervisor's own, so that all of it is gone with the
/// supervisor however that ends.
package struct Stage: Hashable, Sendable {
    /// A folder that every system has and nobody looks into from here.
    private static let places = ["/mnt", "/media", "/srv"]
    /// Of the host's `/etc` what programs need to find libraries, authorities and the time of day.
    private static let shared = ["/etc/alternatives", "/etc/ssl", "/etc/ca-certificates"]
    private static let copied = [
        "ld.so.cache", "localtime", "nsswitch.conf", "services", "protocols",
    ]

    package let path: String
    /// Folders that are seen as they are on the host.
    package let system: [String]

    /// What the commands wrote for others to know, seen from outside.
    package var exports: String { "\(path)/run/slipway/exports" }

    /// Where the commands find their scripts.
    static let folder = "/run/steps"

    static func step(_ index: Int) -> String { "\(folder)/\(index)" }

    package init(path: String, system: [String]) {
        self.path = path
        self.system = system
    }

    /// Leaves the host's mounts behind and makes the file system in memory.
    package static func open(
        _ spec: AttemptSpec, isRoot: Bool
    ) throws(SandboxError) -> Stage {
        let mended = isRoot ? slipway_own_mounts() : slipway_own_mounts_as_user()
        guard mended == 0 else {
            throw SandboxError.system(
                "make a mount namespace",
                hint: isRoot
                    ? nil
                    : "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 "
                        + "user.max_user_namespaces=10000")
        }
        let seen = spec.readOnly
        let place = places.first { place in
            !seen.contains { $0 == place || $0.hasPrefix(place + "/") }
        }
        guard let place else {
            throw SandboxError(
                "find a place for the sandbox", "the runner shows all of /mnt, /media and /srv")
        }
        guard unsafe slipway_mount_memory(place, "mode=0755") == 0 else {
            throw SandboxError.system("mount a file system in memory at '\(place)'")
        }
        return Stage(path: place, system: shared.filter { unsafe access($0, F_OK) == 0 })
    }

    /// Everything but the workspace.
    package func furnish(
        _ spec: AttemptSpec, secrets: [HandedSecret], owner: Int
    ) throws(SandboxError) {
        for folder in ["etc", "run", "run/steps", "run/secrets", "run/slipway", "workspace"] {
            try make(folder)
        }
        try furnishSettings(spec)
        for (index, step) in spec.steps.enumerated() {
            try put(Array(step.script.utf8), "run/steps/\(index)", mode: 0o444)
        }
        for secret in secrets where secret.variable == nil {
            try put(secret.value, "run/secrets/\(secret.name)", mode: 0o400, owner: owner)
        }
        try put([], "run/slipway/exports", mode: 0o600, owner: owner)
        try give("run/slipway", to: owner)
        try furnishInputs(spec)
    }

    private func furnishInputs(_ spec: AttemptSpec) throws(SandboxError) {
        guard !spec.inputs.isEmpty else { return }
        try make("inputs")
        var owners = TreeOwners(slot: spec.slot ?? 0)
        for input in spec.inputs {
            try make("inputs/\(input.name)")
            let target = "\(path)/inputs/\(input.name)"
            if spec.slot != nil {
                try owners.show(input.path, at: target)
            } else if unsafe slipway_mount_tree(input.path, target, -1, 1) != 0 {
                throw SandboxError.system("show input '\(input.name)' from '\(input.path)'")
            }
        }
    }

    private func furnishSettings(_ spec: AttemptSpec) throws(SandboxError) {
        let user = SandboxPlan.user
        let files = [
            "passwd": "root:x:0:0:root:/:/usr/sbin/nologin\n"
                + "slipway:x:\(user):\(user):slipway:/tmp:/bin/sh\n"
                + "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
            "group": "root:x:0:\nslipway:x:\(user):\nnogroup:x:65534:\n",
            "hosts": "127.0.0.1 localhost slipway\n::1 localhost\n",
            "hostname": "slipway\n",
            "resolv.conf": "",
        ]
        for (name, text) in files { try put(Array(text.utf8), "etc/\(name)", mode: 0o444) }
        if spec.network == .host {
            try copy("/etc/resolv.conf", "etc/resolv.conf")
            try copy("/etc/hosts", "etc/hosts")
        }
        for name in Self.copied { try copy("/etc/\(name)", "etc/\(name)") }
        for folder in system { try make("etc/" + folder.dropFirst("/etc/".count)) }
    }

    private func make(_ name: String) throws(SandboxError) {
        let folder = "\(path)/\(name)"
        guard unsafe mkdir(folder, 0o755) == 0 else {
            throw SandboxError.system("make '\(folder)'")
        }
        // The mask of whoever started the house is not the sandbox's.
        _ = unsafe chmod(folder, 0o755)
    }

    private func give(_ name: String, to owner: Int) throws(SandboxError) {
        let folder = "\(path)/\(name)"
        guard unsafe lchown(folder, uid_t(owner), gid_t(owner)) == 0 || getuid() != 0 else {
            throw SandboxError.system("give '\(folder)' to the sandbox")
        }
    }

    private func put(
        _ bytes: [UInt8], _ name: String, mode: mode_t, owner: Int? = nil
    ) throws(SandboxError) {
        let file = "\(path)/\(name)"
        let descriptor = unsafe Glibc.open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SandboxError.system("make '\(file)'") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw SandboxError.system("write '\(file)'") }
            rest = rest.dropFirst(count)
        }
        guard fchmod(descriptor, mode) == 0 else { throw SandboxError.system("make '\(file)'") }
        if let owner { try give(name, to: owner) }
    }

    /// What is not there on the host is not there in the sandbox.
    private func copy(_ source: String, _ name: String) throws(SandboxError) {
        let descriptor = unsafe Glibc.open(source, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe read(descriptor, space.baseAddress, space.count)
            }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        _ = unsafe unlink("\(path)/\(name)")
        try put(bytes, name, mode: 0o444)
    }
}
