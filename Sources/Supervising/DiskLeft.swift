import Glibc

/// Whether hardly anything is left of the disk that a folder lies on, for those who are not root;
/// and who has to make room then.
struct DiskLeft {
    /// So much has to be left: one part in this many, but no more than the numbers below.
    private static let share = 50
    private static let mostBytes = 1 << 30
    private static let mostEntries = 100_000

    /// Who has more than that is too large for a disk that is as good as full; nothing if the disk
    /// is not. Whoever has little cannot mend it, and is left alone.
    private(set) var largestBytes: Int?
    private(set) var largestEntries: Int?

    var isScarce: Bool { largestBytes != nil || largestEntries != nil }

    /// Not scarce where it cannot be told.
    static func of(_ folder: String) -> DiskLeft {
        var left = DiskLeft()
        var status = statvfs()
        guard unsafe statvfs(folder, &status) == 0 else { return left }
        let unit = Int(status.f_frsize)
        let bytes = min(mostBytes, Int(status.f_blocks) * unit / share)
        if Int(status.f_bavail) * unit < bytes { left.largestBytes = bytes }
        // Some file systems make inodes as they are needed, and say that there are none.
        let entries = min(mostEntries, Int(status.f_files) / share)
        if Int(status.f_favail) < entries { left.largestEntries = entries }
        return left
    }
}
