import Glibc

/// How much of the disk a folder takes, with all that is in it.
package struct DiskUse {
    /// Deeper than any build goes, and than an output may be.
    static let deepest = 200
    /// What an entry counts at the least: who holds nothing still has an inode, of which a disk has
    /// only so many.
    static let smallest = 4_096

    package private(set) var bytes = 0
    private(set) var entries = 0
    /// There are folders that were not looked into, as they lie too deep.
    package private(set) var isTooDeep = false
    private let bytesAtMost: Int
    private let entriesAtMost: Int

    /// Stops counting when it is more than that. Links are not followed: `openat` goes from folder
    /// to folder by descriptor, so a name that changes meanwhile leads nowhere else.
    package static func of(_ path: String, bytesAtMost: Int, entriesAtMost: Int = .max) -> DiskUse {
        var use = DiskUse(bytesAtMost: bytesAtMost, entriesAtMost: entriesAtMost)
        let root = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if root >= 0 { use.count(root, depth: 0) }
        return use
    }

    private init(bytesAtMost: Int, entriesAtMost: Int) {
        self.bytesAtMost = bytesAtMost
        self.entriesAtMost = entriesAtMost
    }

    /// There is more than somebody wanted to count.
    var isOverAny: Bool { bytes > bytesAtMost || entries > entriesAtMost }

    private var isEnough: Bool { isOverAny || isTooDeep }

    private mutating func count(_ folder: Int32, depth: Int) {
        guard let stream = unsafe fdopendir(folder) else {
            close(folder)
            return
        }
        defer { unsafe closedir(stream) }
        while !isEnough, let entry = unsafe readdir(stream) {
            unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    if unsafe strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return }
                    unsafe count(name, in: folder, depth: depth)
                }
            }
        }
    }

    private mutating func count(_ name: UnsafePointer<CChar>, in folder: Int32, depth: Int) {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        bytes += max(Self.smallest, Int(status.st_blocks) * 512)
        entries += 1
        guard status.st_mode & S_IFMT == S_IFDIR else { return }
        guard depth < Self.deepest else {
            isTooDeep = true
            return
        }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let inner = unsafe openat(folder, name, flags)
        if inner >= 0 { count(inner, depth: depth + 1) }
    }
}
