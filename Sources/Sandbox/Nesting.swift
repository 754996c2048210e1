/// What differs in a sandbox whose commands make sandboxes of their own. They rule a user namespace
/// with one user, the sandbox's, and nothing outside of it: every file, process and network that
/// others have belongs to namespaces that they do not rule.
enum Nesting {
    /// Nothing of networks, of other processes, of devices and of limits.
    private static let capabilities = [
        "CAP_SYS_ADMIN", "CAP_SYS_CHROOT", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER",
        "CAP_FSETID", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETFCAP", "CAP_KILL",
        "CAP_NET_BIND_SERVICE",
    ]

    static let options =
        ["--uid", "0", "--gid", "0"] + capabilities.flatMap { ["--cap-add", $0] }

    /// Into a namespace of mounts that they rule. What bubblewrap has mounted belongs to one that
    /// they do not, so the kernel locks all of it together there: nothing of it can be taken away
    /// to show what lies below, or be made writable.
    static let entrance = ["/usr/bin/unshare", "--mount", "--propagation", "private"]
}
