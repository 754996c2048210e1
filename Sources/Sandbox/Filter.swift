import CSeccomp
import Glibc

/// The filter of system calls that every command runs under. It is made once and kept in a file,
/// because making it takes longer than starting a sandbox with it.
package enum Filter {
    /// The second of the two: requests of `ioctl` that put words into a terminal's mouth. One
    /// program cannot both allow a call and refuse some of its arguments.
    package static func second(of path: String) -> String { "\(path).terminal" }

    /// What stands in its place where commands make sandboxes of their own.
    package static func nesting(of path: String, hasUsers: Bool = false) -> String {
        hasUsers ? "\(path).nesting-users" : "\(path).nesting"
    }

    /// The filter's file in a folder, made if it is not there. Its name tells what is in it, so
    /// that another version of the house makes another.
    package static func made(in folder: String) throws(SandboxError) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for name in parts {
            for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = hash &* 0x100_0000_01B3
        }
        let path = "\(folder)/filter-\(String(hash, radix: 16))"
        if unsafe access(path, R_OK) != 0 { try write(to: path) }
        return path
    }

    /// To be changed with the rules below; the names of calls count by themselves.
    private static let revision = "3"

    private static var parts: [String] {
        let lists = [
            AllowedCalls.all, AllowedCalls.privileged, AllowedCalls.nesting,
            AllowedCalls.newerMounts,
        ]
        return lists.flatMap { $0 + [""] } + [revision]
    }

    /// Writes the filters for this machine's processor; whoever reads them later finds them whole.
    package static func write(to path: String) throws(SandboxError) {
        try write(second(of: path), standard: slipway_seccomp_allow()) { rules in
            rules.refuseTerminalTricks()
        }
        for hasUsers in [false, true] {
            try writeList(to: nesting(of: path, hasUsers: hasUsers)) { rules in
                let pretended = hasUsers ? [] : ["setgroups"]
                for name in AllowedCalls.all where !pretended.contains(name) { rules.allow(name) }
                for name in AllowedCalls.nesting { rules.allow(name) }
                for name in pretended { rules.pretend(name) }
                rules.allowOwnMounts()
                let possible = Set(AllowedCalls.nesting + AllowedCalls.newerMounts + ["unshare"])
                rules.refuse(AllowedCalls.privileged.filter { !possible.contains($0) })
            }
        }
        // The last, because whoever finds it looks for no other.
        try writeList(to: path) { rules in
            for name in AllowedCalls.all { rules.allow(name) }
            rules.refuse(AllowedCalls.privileged)
        }
    }

    /// What is not said fails as if the kernel had never heard of it.
    private static func writeList(
        to path: String, _ fill: (inout Rules) -> Void
    ) throws(SandboxError) {
        try write(path, standard: slipway_seccomp_refuse(UInt16(ENOSYS))) { rules in
            fill(&rules)
            rules.allowSockets()
            rules.allowThreads()
            rules.allowPersonality()
        }
    }

    private static func write(
        _ path: String, standard: UInt32, _ fill: (inout Rules) -> Void
    ) throws(SandboxError) {
        guard let filter = unsafe seccomp_init(standard) else {
            throw SandboxError("make a filter of system calls", "libseccomp gives none")
        }
        defer { unsafe seccomp_release(filter) }
        // Another processor's calls, by 32-bit code or x32 numbers, would pass under other names.
        // And calls are many: a tree of comparisons finds one sooner than a list.
        guard unsafe seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, slipway_seccomp_kill()) == 0,
            unsafe seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0
        else { throw SandboxError("set up the filter of system calls", "libseccomp refuses") }
        var rules = unsafe Rules(filter: filter)
        fill(&rules)
        if let failed = rules.failed {
            throw SandboxError("put '\(failed)' into the filter", "libseccomp refuses")
        }
        let part = "\(path).\(getpid())"
        let file = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SandboxError.system("make '\(part)'") }
        defer { close(file) }
        guard unsafe seccomp_export_bpf(filter, file) == 0, unsafe rename(part, path) == 0 else {
            _ = unsafe unlink(part)
            throw SandboxError("write the filter to '\(path)'", "it could not be written")
        }
    }
}

/// Puts rules into a filter and remembers the first that failed.
@safe private struct Rules {
    private static var cloneNewMask: UInt64 {
        // All kinds of namespaces: time, mount, cgroup, uts, ipc, user, pid, net.
        0x80 | 0x2_0000 | 0x200_0000 | 0x400_0000 | 0x800_0000 | 0x1000_0000 | 0x2000_0000
            | 0x4000_0000
    }

    let filter: scmp_filter_ctx
    private(set) var failed: String?

    init(filter: scmp_filter_ctx) { unsafe self.filter = unsafe filter }

    mutating func allow(_ name: String, where comparisons: [scmp_arg_cmp] = []) {
        add(slipway_seccomp_allow(), name, comparisons)
    }

    mutating func refuse(_ names: [String]) {
        for name in names { add(slipway_seccomp_refuse(UInt16(EPERM)), name, []) }
    }

    /// Families that a network namespace holds in, and no others: AF_VSOCK reaches past it, AF_ALG
    /// and AF_PACKET reach into the kernel.
    mutating func allowSockets() {
        for call in ["socket", "socketpair"] {
            for family in [AF_UNIX, AF_INET, AF_INET6] {
                allow(call, where: [Self.is(0, UInt64(family), SCMP_CMP_EQ)])
            }
            // Two rules of "not this one" would each let the other through: ranges cannot.
            let between = UInt64(AF_INET) + 1...UInt64(AF_INET6) - 1
            for family in [UInt64(AF_UNSPEC)] + Array(between) {
                refuseFamily(call, Self.is(0, family, SCMP_CMP_EQ))
            }
            refuseFamily(call, Self.is(0, UInt64(AF_INET6), SCMP_CMP_GT))
        }
    }

    private mutating func refuseFamily(_ call: String, _ comparison: scmp_arg_cmp) {
        add(slipway_seccomp_refuse(UInt16(EAFNOSUPPORT)), call, [comparison])
    }

    /// Threads and children, without namespaces. `clone3` passes its flags through memory, where
    /// no filter sees them; told that there is none, libc uses `clone`.
    mutating func allowThreads() {
        allow("clone", where: [Self.masked(0, Self.cloneNewMask, 0)])
    }

    /// A user namespace with one user has one group, and the kernel lets nobody change that there;
    /// who sets it to what it is shall not fail for it.
    mutating func pretend(_ name: String) { add(slipway_seccomp_refuse(0), name, []) }

    /// Mounts and a host's name, and no namespace of any other kind: above all no user namespace.
    mutating func allowOwnMounts() {
        // CLONE_FS, CLONE_NEWNS, CLONE_NEWUTS.
        let own: UInt64 = 0x200 | 0x2_0000 | 0x400_0000
        allow("unshare", where: [Self.masked(0, ~own, 0)])
    }

    /// The kernel looks at the lower half of a request only, so the filter does too.
    mutating func refuseTerminalTricks() {
        let low: UInt64 = 0xFFFF_FFFF
        for request in [UInt64(TIOCSTI), UInt64(TIOCLINUX)] {
            let comparison = Self.masked(1, low, request)
            add(slipway_seccomp_refuse(UInt16(EPERM)), "ioctl", [comparison])
        }
    }

    /// What a shell asks for at its start; not the personality that switches protection off.
    mutating func allowPersonality() {
        for value in [0x0, 0x8, 0xFFFF_FFFF] as [UInt64] {
            allow("personality", where: [Self.is(0, value, SCMP_CMP_EQ)])
        }
    }

    private mutating func add(_ action: UInt32, _ name: String, _ comparisons: [scmp_arg_cmp]) {
        let call = unsafe seccomp_syscall_resolve_name(name)
        // One that this version of libseccomp does not know is one that nobody can make.
        guard call != __NR_SCMP_ERROR else { return }
        let result = unsafe comparisons.withUnsafeBufferPointer { buffer in
            unsafe slipway_seccomp_rule(
                filter, action, call, UInt32(buffer.count), buffer.baseAddress)
        }
        if result != 0, failed == nil { failed = name }
    }

    private static func `is`(
        _ argument: UInt32, _ value: UInt64, _ comparison: scmp_compare
    ) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: comparison, datum_a: value, datum_b: 0)
    }

    private static func masked(
        _ argument: UInt32, _ mask: UInt64, _ value: UInt64
    ) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
    }
}
