import CLaunch
import Glibc

// Single things in the root; places are as the commands will see them.
extension Stage {
    func make(_ place: String) throws(SandboxError) {
        let folder = root + place
        guard unsafe mkdir(folder, 0o755) == 0 else {
            throw SandboxError.system("make '\(folder)'")
        }
        // The mask of whoever started the house is not the sandbox's.
        _ = unsafe chmod(folder, 0o755)
    }

    /// With the folders that hold it.
    func makeAll(_ place: String) throws(SandboxError) {
        var made = ""
        for part in place.split(separator: "/") {
            made += "/\(part)"
            if unsafe access(root + made, F_OK) != 0 { try make(made) }
        }
    }

    func show(_ source: String, at place: String, _ view: UInt32) throws(SandboxError) {
        guard unsafe slipway_mount_tree(source, root + place, -1, view) == 0 else {
            throw SandboxError.system("show '\(source)' in the sandbox")
        }
    }

    func link(_ place: String, to target: String) throws(SandboxError) {
        guard unsafe symlink(target, root + place) == 0 else {
            throw SandboxError.system("make the link '\(place)'")
        }
    }

    func give(_ place: String, to owner: Int) throws(SandboxError) {
        guard unsafe lchown(root + place, uid_t(owner), gid_t(owner)) == 0 || getuid() != 0 else {
            throw SandboxError.system("give '\(place)' to the sandbox")
        }
    }

    func put(
        _ bytes: [UInt8], _ place: String, mode: mode_t, owner: Int? = nil
    ) throws(SandboxError) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = unsafe Glibc.open(root + place, flags, 0o600)
        guard descriptor >= 0 else { throw SandboxError.system("make '\(place)'") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw SandboxError.system("write '\(place)'") }
            rest = rest.dropFirst(count)
        }
        guard fchmod(descriptor, mode) == 0 else { throw SandboxError.system("make '\(place)'") }
        if let owner { try give(place, to: owner) }
    }

    /// What is not there on the host is not there in the sandbox.
    func copy(_ place: String) throws(SandboxError) {
        let descriptor = unsafe Glibc.open(place, O_RDONLY | O_CLOEXEC)
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
        _ = unsafe unlink(root + place)
        try put(bytes, place, mode: 0o444)
    }
}
