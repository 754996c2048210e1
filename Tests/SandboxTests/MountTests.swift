import Attempts
import Glibc
import Testing

@Suite("The mounts of a sandbox") struct MountTests {
    private struct Mount {
        let place: String
        let options: Set<Substring>
    }

    private static let devices: Set = [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
    ]
    private static let writable: Set = ["/workspace", "/run/slipway", "/tmp", "/dev/shm"]

    private func mounts(_ attempting: Attempting) throws -> [Mount] {
        let (report, log) = try attempting.run()
        #expect(report.end == .succeeded, "\(log)")
        return log.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return Mount(place: String(words[4]), options: Set(words[5].split(separator: ",")))
        }
    }

    @Test func `honour no set-user-id bit, and devices only where they are devices`() throws {
        for mount in try mounts(Attempting("cat /proc/self/mountinfo")) {
            #expect(mount.options.contains("nosuid"), "\(mount)")
            let isDevice = Self.devices.contains(mount.place) || mount.place == "/dev/pts"
            let covers = mount.place.hasPrefix("/proc/")
            #expect(isDevice || covers || mount.options.contains("nodev"), "\(mount)")
        }
    }

    @Test func `can be written in a few places only`() throws {
        let mounts = try mounts(Attempting("cat /proc/self/mountinfo"))
        #expect(mounts.contains { $0.place == "/" && $0.options.contains("ro") })
        for mount in mounts where !mount.options.contains("ro") {
            let isKnown = Self.writable.contains(mount.place) || mount.place.hasPrefix("/dev/")
            #expect(isKnown || mount.place.hasPrefix("/proc"), "\(mount)")
        }
    }

    @Test(
        "cannot be written where they are sealed",
        arguments: ["/new", "/etc/new", "/run/new", "/run/steps/new", "/dev/new", "/usr/new"])
    func sealed(path: String) throws {
        let (report, log) = try Attempting("echo x > \(path)").run()
        #expect(report.end != .succeeded)
        #expect(log.contains("Read-only file system") || log.contains("Permission denied"))
    }

    @Test func `have devices and terminals that work`() throws {
        let script = """
            echo lost > /dev/null; head -c 4 /dev/zero | od -An -tx1; echo kept > /dev/shm/a
            cat /dev/shm/a; echo pipe | cat /dev/stdin; test -c /dev/ptmx; echo here > /tmp/b
            script -qec 'tty' /tmp/typed < /dev/null | tr -d '\\r'
            """
        let (report, log) = try Attempting(script).run()
        #expect(report.end == .succeeded, "\(log)")
        #expect(log == " 00 00 00 00\nkept\npipe\n/dev/pts/0\n")
    }
}
