import Glibc

/// How much of the disk a folder takes, with all that is in it.
enum DiskUse {
    /// Stops counting when it is more than `atMost`. Links are not followed: `openat` goes from
    /// folder to folder by descriptor, so a name that changes meanwhile leads nowhere else.
    static func of(_ path: String, atMost: Int) -> Int {
        let root = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard root >= 0 else { return 0 }
        var used = 0
        count(root, &used, atMost, depth: 0)
        return used
    }

    /// Deeper than any build goes; who goes there uses space that is not counted, little by little.
    private static let deepest = 200

    private static func count(_ folder: Int32, _ used: inout Int, _ most: Int, depth: Int) {
        guard let stream = unsafe fdopendir(folder) else {
            close(folder)
            return
        }
        defer { unsafe closedir(stream) }
        while used <= most, let entry = unsafe readdir(stream) {
            unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    if unsafe strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return }
                    var status = stat()
                    guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                        return
                    }
                    used += Int(status.st_blocks) * 512
                    guard status.st_mode & S_IFMT == S_IFDIR, depth < deepest else { return }
                    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
                    let inner = unsafe openat(folder, name, flags)
                    if inner >= 0 { count(inner, &used, most, depth: depth + 1) }
                }
            }
        }
    }
}
