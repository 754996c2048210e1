import Attempts
import CLaunch
import FoundationEssentials
import Glibc
import Support
import Testing

/// Rows of the escape suite (`Trials/escapes`), which looks these tests up by their numbers: what
/// commands can do that rule their own sandbox, as those that build an image may come to do.
@Suite("Commands that build an image") struct NestingTests {
    /// In Python, whose `call` says which error the kernel gave, or 0.
    private func build(_ script: String) throws -> Attempting {
        var attempting = try Attempting("exec python3 - <<'END'\n\(Self.calls)\n\(script)\nEND")
        attempting.spec.image = ImageSpec(
            .build(ImageBuildSpec(by: .buildah, dockerfile: "Dockerfile")), repository: "h/r")
        return attempting
    }

    private static let calls = """
        import ctypes, errno, os, signal, socket, sys
        libc = ctypes.CDLL(None, use_errno=True)
        RDONLY, NOSUID, REMOUNT, BIND, DETACH = 1, 2, 32, 4096, 2
        def call(name, *words):
            words = [w.encode() if isinstance(w, str) else w for w in words]
            if getattr(libc, name)(*words) >= 0: return "0"
            return errno.errorcode[ctypes.get_errno()]
        def touch(path):
            try: os.close(os.open(path, os.O_WRONLY | os.O_CREAT)); return "0"
            except OSError as error: return errno.errorcode[error.errno]
        """

    @Test func `rule a sandbox, and mount in it what is theirs`() throws {
        let (report, log) = try build(
            """
            print(os.getuid(), call("mount", "x", "/tmp", "tmpfs", 0, "size=1m"))
            print(call("chroot", "/usr"), call("unshare", 0x4000000), call("sethostname", "in", 2))
            """
        ).run()
        #expect(report.end == .succeeded)
        #expect(log == "0 0\n0 0 0\n")
    }

    @Test(.enabled(if: getuid() == 0, "an ordinary user's supervisor has users only for images"))
    func `have users of their own, and no more capabilities than one user has`() throws {
        let (report, log) = try build(
            """
            print(len(open("/proc/self/uid_map").read().splitlines()))
            os.mkdir("/tmp/theirs"); os.chown("/tmp/theirs", 33, 65534)
            status = open("/proc/self/status").read().split()
            print(status[status.index("CapBnd:") + 1], os.listdir("/proc/self/fd"))
            os.setgroups([7, 8]); os.setgid(34); os.setuid(33)
            print(os.getuid(), sorted(os.getgroups()))
            print(touch("/tmp/theirs/x"), touch("/workspace/x"))
            """
        ).run()
        #expect(report.end == .succeeded)
        #expect(log == "2\n00000000802405fb ['0', '1', '2', '3']\n33 [7, 8]\n0 EACCES\n")
    }

    @Test func `E73: take no mount of the sandbox away, and make none writable`() throws {
        let attempting = try build(
            """
            mounts = [line.split()[4] for line in open("/proc/self/mountinfo")]
            open = [m for m in mounts if call("umount2", m, DETACH) == "0"]
            remounts = [m for m in ["/", "/usr", "/etc/ssl", "/proc/sys"]
                        if call("mount", 0, m, 0, REMOUNT | BIND, 0) == "0"]
            print(len(mounts) > 5, open, remounts)
            print({"EROFS", "EACCES"} >= {touch(f) for f in ["/x", "/usr/x", "/etc/ssl/x", "/run/x",
                "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname"]})
            """)
        let (_, log) = try attempting.run()
        #expect(log == "True [] []\nTrue\n")
    }

    @Test func `E74: mount no disk, no processes and no settings of the host's`() throws {
        let kinds = ["proc", "sysfs", "cgroup", "cgroup2", "devtmpfs", "debugfs", "securityfs"]
        let (_, log) = try build(
            """
            os.mkdir("/tmp/place")
            made = [kind for kind in \(kinds.map { "\($0)" })
                    if call("mount", kind, "/tmp/place", kind, 0, 0) == "0"]
            disks = [call("mknod", "/tmp/disk%d" % n, 0o60600, os.makedev(n, 0))
                     for n in (7, 8, 253, 254, 259)]
            print(made, set(disks))
            print(call("mknod", "/tmp/memory", 0o20600, os.makedev(1, 1)))
            """
        ).run()
        #expect(log == "[] {'EPERM'}\nEPERM\n")
    }

    @Test func `E75: make and enter no namespace of users, processes or networks`() throws {
        let (_, log) = try build(
            """
            kinds = [0x10000000, 0x20000000, 0x40000000, 0x8000000, 0x2000000, 0x80]
            print({call("unshare", kind) for kind in kinds}, call("unshare", 0x10020000))
            print({call("syscall", 56, kind | 17, 0, 0, 0, 0) for kind in kinds})
            print(call("syscall", 435, 0, 0))
            print({call("setns", os.open("/proc/1/ns/" + kind, os.O_RDONLY), 0)
                   for kind in ("user", "pid", "net", "mnt")})
            """
        ).run()
        let expected = "{'ENOSYS'} ENOSYS\n{'ENOSYS'}\nENOSYS\n{'EPERM'}\n"
        #expect(log == expected)
    }

    @Test func `E76: find nothing of the host, its network and the house`() throws {
        let attempting = try build("")
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        try #require(listen(listener, 1) == 0)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(listener, $0, &length)
            }
        }
        try #require(named == 0)
        let (_, log) = try self.build(
            """
            print(os.path.exists("\(attempting.folder.path)"), os.path.exists("/root"))
            print(sorted(os.listdir("/workspace")), os.listdir("/run/secrets"))
            others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) > 50]
            print(others, call("kill", \(getpid()), 0))
            print([line.split()[0] for line in open("/proc/net/dev")][2:])
            try: socket.create_connection(("127.0.0.1", \(UInt16(bigEndian: address.sin_port))))
            except OSError as error: print(errno.errorcode[error.errno])
            """
        ).run()
        #expect(log == "False False\n[] []\n[] ESRCH\n['lo:']\nECONNREFUSED\n")
    }

    @Test func `E77: do nothing that only the machine's ruler may`() throws {
        var name = [CChar](repeating: 0, count: 256)
        unsafe gethostname(&name, name.count)
        let (report, log) = try build(
            """
            handles = ctypes.create_string_buffer(200)
            print({call("syscall", 164, 0, 0), call("swapon", "/x", 0), call("acct", 0),
                   call("open_by_handle_at", 0, handles, 0), call("syscall", 321, 0, 0, 0),
                   call("syscall", 250, 0, 0), call("syscall", 425, 1, handles),
                   call("syscall", 313, 0, 0, 0), call("ioperm", 0, 1, 1)})
            print(call("setgroups", 1, ctypes.byref(ctypes.c_int(0))))
            print(call("sethostname", "taken", 5), call("setuid", 70000), flush=True)
            """
        ).run()
        #expect(report.end == .succeeded)
        #expect(log == "{'EPERM'}\n0\nEPERM EINVAL\n")
        var now = [CChar](repeating: 0, count: 256)
        unsafe gethostname(&now, now.count)
        #expect(now == name)
    }

    @Test func `E78: are bounded in number, and do not outlive the attempt`() throws {
        let mark = "mark-\(UInt64.random(in: 0 ... .max))"
        var attempting = try build(
            """
            import resource
            try: resource.setrlimit(resource.RLIMIT_NPROC, (-1, -1)); print("unbounded")
            except (OSError, ValueError): print("bounded")
            if os.fork() == 0:
                os.setsid()
                os.execv("/bin/sh", ["/bin/sh", "-c", "while :; do sleep 1; done", "\(mark)"])
            children = 0
            try:
                while children < 100:
                    if os.fork() == 0: signal.pause()
                    children += 1
            except OSError as error: print(errno.errorcode[error.errno])
            """)
        attempting.spec.limits.processes = 20
        let (_, log) = try attempting.run()
        #expect(log.contains("bounded\n") && !log.contains("unbounded"))
        #expect(try RunningPrograms.naming(mark).isEmpty)
    }

    @Test func `E79: say nothing that is told of an image, and leave no link to follow`() throws {
        let attempting = try build("open('/run/slipway/exports', 'w').write('digest=false\\n')")
        let (report, _) = try attempting.run()
        #expect(report.end == .succeeded)
        #expect(!FileManager.default.fileExists(atPath: attempting.attempt.exports))
    }

    @Test func `E80: are the only ones that rule anything`() throws {
        var attempting = try build(
            """
            print(call("unshare", 0x20000), call("mount", "x", "/tmp", "tmpfs", 0, 0), os.getuid())
            """)
        attempting.spec.image = nil
        let (_, log) = try attempting.run()
        #expect(log == "EPERM EPERM 1000\n")
    }
}
