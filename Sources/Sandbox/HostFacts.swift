import CLaunch
import Glibc

/// What this machine offers for running commands in a sandbox.
package struct HostFacts: Hashable, Sendable {
    /// Where bubblewrap is; nothing if it is not installed.
    package var bubblewrap: String?
    /// Where slirp4netns is, without which there is no network `outbound`.
    package var slirp: String?
    /// Where buildah is, without which no image is built in a sandbox.
    package var buildah: String?
    package var isRoot = false
    /// Folders of control groups in which we may make our own, one for each controller.
    package var groups: [ControlGroup.Place] = []

    package init() {}

    /// Looks at the machine. What needs trying out is tried by `Doctor`.
    package static func look() -> HostFacts {
        var facts = HostFacts()
        facts.bubblewrap = program("bwrap")
        facts.slirp = program("slirp4netns")
        facts.buildah = program("buildah")
        facts.isRoot = geteuid() == 0
        facts.groups = ControlGroup.places()
        return facts
    }

    /// `/bin`, `/lib` … where they are links into `/usr`, as they are since Debian 12.
    package static func links() -> [String: String] {
        var links: [String: String] = [:]
        for name in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"] {
            var buffer = [CChar](repeating: 0, count: 256)
            let count = unsafe readlink(name, &buffer, buffer.count)
            guard count > 0 else { continue }
            let bytes = buffer[..<count].map { UInt8(bitPattern: $0) }
            links[name] = String(decoding: bytes, as: UTF8.self)
        }
        return links
    }

    /// Files of `/proc` that tell of the host what is not the sandbox's business, and would.
    package static func hidden() -> [String] {
        [
            "/proc/kallsyms", "/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/sched_debug",
            "/proc/sysrq-trigger", "/proc/timer_list",
        ].filter { path in
            var status = stat()
            // Nobody in a sandbox owns a file of the kernel, so others are who counts.
            return unsafe stat(path, &status) == 0 && status.st_mode & 0o006 != 0
        }
    }

    /// Which start of the machine this is. What was written before an earlier one ended and never
    /// synced may be gone.
    package static let boot = Text.read("/proc/sys/kernel/random/boot_id")?.trimmed ?? "unknown"

    private static func program(_ name: String) -> String? {
        ["/usr/bin", "/usr/local/bin", "/bin"].map { "\($0)/\(name)" }.first { path in
            unsafe access(path, X_OK) == 0
        }
    }
}
