import Glibc

/// Files that have no name any more and live on because a process has them open: they take the
/// disk's space, and no walk through folders meets them.
enum NamelessFiles {
    private struct File: Hashable {
        let device: UInt
        let number: UInt
    }

    /// What those of the processes take on the same file systems as these folders.
    static func bytes(of processes: [Int32], on folders: [String], atMost: Int) -> Int {
        var devices = Set<UInt>()
        for folder in folders {
            var status = stat()
            if unsafe stat(folder, &status) == 0 { devices.insert(status.st_dev) }
        }
        var seen = Set<File>()
        var bytes = 0
        for process in processes where bytes <= atMost {
            forEachOpenFile(of: process) { status in
                guard status.st_nlink == 0, status.st_mode & S_IFMT == S_IFREG,
                    devices.contains(status.st_dev),
                    seen.insert(File(device: status.st_dev, number: status.st_ino)).inserted
                else { return }
                bytes += Int(status.st_blocks) * 512
            }
        }
        return bytes
    }

    private static func forEachOpenFile(of process: Int32, _ body: (stat) -> Void) {
        let folder = unsafe open("/proc/\(process)/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        guard let stream = unsafe fdopendir(folder) else {
            close(folder)
            return
        }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
            unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    var status = stat()
                    // What lies behind the link, without opening it.
                    if unsafe fstatat(folder, name, &status, 0) == 0 { body(status) }
                }
            }
        }
    }
}
