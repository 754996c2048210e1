/// What differs in a sandbox whose commands make sandboxes of their own. They rule a user namespace
/// with the sandbox's user as root, and a range of others or none, and nothing outside of it: every
/// file, process and network that others have belongs to namespaces that they do not rule.
enum Nesting {
    /// Nothing of networks, of other processes, of devices and of limits.
    private static let capabilities = [
        "sys_admin", "sys_chroot", "chown", "dac_override", "fowner", "fsetid", "setuid", "setgid",
        "setpcap", "setfcap", "kill", "net_bind_service",
    ]

    static let options =
        ["--uid", "0", "--gid", "0"]
        + capabilities.flatMap { ["--cap-add", "CAP_\($0.uppercased())"] }

    /// What bubblewrap makes belongs to the outer one, and the inner one is for the commands.
    static let namespaces = [
        "--userns", "\(SandboxPlan.Descriptor.outerUsers)",
        "--userns2", "\(SandboxPlan.Descriptor.innerUsers)",
    ]

    /// Into a namespace of mounts that they rule. What bubblewrap has mounted belongs to one that
    /// they do not, so the kernel locks all of it together there: nothing of it can be taken away
    /// to show what lies below, or be made writable.
    static func entrance(hasUsers: Bool) -> [String] {
        (hasUsers ? bounds : []) + ["/usr/bin/unshare", "--mount", "--propagation", "private"]
    }

    /// Whoever enters a user namespace that others have made may come to have every capability in
    /// it, and bubblewrap leaves that so, and the namespaces open.
    private static let bounds = [
        "/bin/sh", "-c",
        "exec \"$@\" \(SandboxPlan.Descriptor.outerUsers)<&- "
            + "\(SandboxPlan.Descriptor.innerUsers)<&-",
        "sh", "/usr/bin/setpriv", "--bounding-set",
        (["-all"] + capabilities.map { "+\($0)" }).joined(separator: ","),
    ]
}
