import Attempts
import CLaunch
import Glibc

// What every sandbox has of a system: programs, settings, devices, and room for what passes.
extension Stage {
    /// Of the host's `/etc` what programs need to find libraries, authorities and the time of day.
    private static let shared = ["/etc/alternatives", "/etc/ssl", "/etc/ca-certificates"]
    private static let copied = [
        "ld.so.cache", "localtime", "nsswitch.conf", "services", "protocols",
    ]
    private static let devices = ["null", "zero", "full", "random", "urandom", "tty"]
    private static let deviceLinks = [
        "fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1",
        "stderr": "/proc/self/fd/2", "core": "/proc/kcore", "ptmx": "pts/ptmx",
    ]

    func furnishSystem(_ spec: AttemptSpec) throws(SandboxError) {
        try make("/usr")
        try show("/usr", at: "/usr", View.host)
        for (name, target) in HostFacts.links() { try link(name, to: target) }
        try furnishSettings(spec)
        let shown = Self.shared.filter { unsafe access($0, F_OK) == 0 }
        let allowed = spec.readOnly.filter { !$0.hasPrefix("/usr/") && $0 != "/usr" }
        for folder in shown + allowed {
            try makeAll(folder)
            try show(folder, at: folder, View.host)
        }
        try make("/proc")
        if spec.nests { try furnishNesting() }
    }

    /// What those who make sandboxes look for: an empty `/sys` to show, and room on the disk.
    private func furnishNesting() throws(SandboxError) {
        try makeAll("/sys")
        try makeAll("/var")
        try link("/var/tmp", to: "\(SandboxPlan.workspace)/tmp")
    }

    func furnishDevices() throws(SandboxError) {
        try make("/dev")
        for name in Self.devices {
            try put([], "/dev/\(name)", mode: 0o444)
            guard unsafe slipway_mount_device("/dev/\(name)", "\(root)/dev/\(name)") == 0 else {
                throw SandboxError.system("show '/dev/\(name)'")
            }
        }
        for (name, target) in Self.deviceLinks { try link("/dev/\(name)", to: target) }
        try make("/dev/pts")
        guard unsafe slipway_mount_terminals("\(root)/dev/pts") == 0 else {
            throw SandboxError.system("make terminals at '/dev/pts'")
        }
    }

    /// In memory, apart from the root, so that who fills it harms nobody but himself.
    func furnishTemporary(size: Int) throws(SandboxError) {
        let memory = "\(path)/temporary"
        guard unsafe mkdir(memory, 0o700) == 0 else {
            throw SandboxError.system("make '\(memory)'")
        }
        // No more files than would fill it with the smallest of them.
        try Self.mountMemory(memory, "mode=0755", size: size, files: size / 4_096 + 100)
        for (folder, place) in [("tmp", "/tmp"), ("shm", "/dev/shm")] {
            guard unsafe mkdir("\(memory)/\(folder)", 0o777) == 0,
                unsafe chmod("\(memory)/\(folder)", 0o1777) == 0
            else { throw SandboxError.system("make '\(place)'") }
            try make(place)
            try show("\(memory)/\(folder)", at: place, View.plain)
        }
    }

    private func furnishSettings(_ spec: AttemptSpec) throws(SandboxError) {
        try make("/etc")
        let user = SandboxPlan.user
        let files = [
            "passwd": "root:x:0:0:root:/:/usr/sbin/nologin\n"
                + "slipway:x:\(user):\(user):slipway:/tmp:/bin/sh\n"
                + "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
            "group": "root:x:0:\nslipway:x:\(user):\nnogroup:x:65534:\n",
            "hosts": "127.0.0.1 localhost slipway\n::1 localhost\n",
            "hostname": "slipway\n",
            "resolv.conf": spec.network == .outbound ? OutboundAddresses.resolver : "",
        ]
        for (name, text) in files { try put(Array(text.utf8), "/etc/\(name)", mode: 0o444) }
        let host = spec.network == .host ? ["resolv.conf", "hosts"] : []
        for name in host + Self.copied { try copy("/etc/\(name)") }
    }
}
