import CLaunch
import Glibc

/// `/dev/net/tun`, through which a program can be the network of others. It gives nobody a right:
/// what is made with it is made in a network that one has rights in.
enum Tunnel {
    private static let folder = "/dev/net"
    private static let device = "/dev/net/tun"
    private static let (major, minor): (UInt32, UInt32) = (10, 200)

    /// Why it cannot be used, and the cure.
    static func problem(isRoot: Bool) -> (problem: String, cure: String)? {
        guard unsafe access(device, F_OK) == 0 else {
            return ("there is no '\(device)'", "modprobe tun")
        }
        // Root shows a copy of it to those who do its work.
        if isRoot { return nil }
        guard unsafe access(device, R_OK | W_OK) == 0 else {
            return ("'\(device)' is for root alone", "chmod 666 \(device)")
        }
        return nil
    }

    /// Sees to it that the user of a sandbox can use it, in this process's own mounts.
    static func open(isRoot: Bool) throws(SandboxError) {
        if let (problem, cure) = problem(isRoot: isRoot) {
            throw SandboxError("open a network to the outside", problem, hint: "as root: \(cure)")
        }
        var status = stat()
        guard isRoot, unsafe stat(device, &status) == 0, status.st_mode & 0o006 != 0o006 else {
            return
        }
        guard unsafe slipway_mount_devices(folder) == 0,
            unsafe slipway_make_device(device, major, minor) == 0
        else { throw SandboxError.system("make '\(device)'") }
    }
}
