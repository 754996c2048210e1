import Glibc

/// An open folder. What is done in it goes by its descriptor and one name at a time, never
/// following a link, so that no name that changes meanwhile leads anywhere else.
final class OpenFolder {
    let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// A folder of the house's own, by its path.
    static func at(_ path: String) throws(ArtifactError) -> OpenFolder {
        let descriptor = unsafe open(path, flags)
        guard descriptor >= 0 else { throw .system("open folder '\(path)'") }
        return OpenFolder(descriptor)
    }

    /// Nothing if there is no such folder, or it is something else.
    func folder(_ name: EntryName) -> OpenFolder? {
        let descriptor = unsafe name.withCString { unsafe openat(self.descriptor, $0, Self.flags) }
        return descriptor >= 0 ? OpenFolder(descriptor) : nil
    }

    /// Nothing if there is no such entry.
    func status(_ name: EntryName) -> stat? {
        var status = stat()
        let found = unsafe name.withCString { name in
            unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW)
        }
        return found == 0 ? status : nil
    }

    /// A regular file, for reading. What is no file is not waited for.
    func file(_ name: EntryName) -> Int32 {
        unsafe name.withCString { name in
            unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
    }

    func link(_ name: EntryName) -> [UInt8]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe name.withCString {
            unsafe readlinkat(descriptor, $0, &buffer, buffer.count)
        }
        return count >= 0 ? buffer[..<count].map { UInt8(bitPattern: $0) } : nil
    }

    /// All names in it, in order.
    func names() throws(ArtifactError) -> [EntryName] {
        var names: [EntryName] = []
        try forEachName { name in
            names.append(name)
            return true
        }
        return names.sorted()
    }

    /// The names in it as they come, of which there may be more than anybody wants to remember;
    /// until `body` returns false.
    func forEachName(_ body: (EntryName) -> Bool) throws(ArtifactError) {
        let copy = dup(descriptor)
        guard copy >= 0, let stream = unsafe fdopendir(copy) else { throw .system("read a folder") }
        defer { unsafe closedir(stream) }
        unsafe rewinddir(stream)
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
                    unsafe Array(UnsafeBufferPointer(start: bytes, count: 256).prefix { $0 != 0 })
                }
            }
            if bytes == [0x2E] || bytes == [0x2E, 0x2E] { continue }
            guard body(EntryName(bytes)) else { return }
        }
    }

    func make(_ name: EntryName) throws(ArtifactError) -> OpenFolder {
        let made = unsafe name.withCString { unsafe mkdirat(descriptor, $0, 0o755) }
        guard made == 0, let folder = folder(name) else { throw .system("make '\(name.shown)'") }
        return folder
    }

    /// Moves an entry into another folder of the same file system.
    func move(_ name: EntryName, to other: OpenFolder, as newName: EntryName) -> Bool {
        unsafe name.withCString { old in
            unsafe newName.withCString { new in
                unsafe renameat(descriptor, old, other.descriptor, new) == 0
            }
        }
    }

    /// As if it had been made now.
    func touch(_ name: EntryName) -> Bool {
        unsafe name.withCString { unsafe utimensat(descriptor, $0, nil, 0) == 0 }
    }

    /// Gives an entry a second name in another folder.
    func share(_ name: EntryName, with other: OpenFolder) -> Bool {
        unsafe name.withCString { name in
            unsafe linkat(descriptor, name, other.descriptor, name, 0) == 0
        }
    }
}

extension stat {
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    var isFile: Bool { st_mode & S_IFMT == S_IFREG }
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
    /// What people call something that no artifact can hold.
    var kind: String {
        switch st_mode & S_IFMT {
        case S_IFIFO: "a FIFO"
        case S_IFSOCK: "a socket"
        case S_IFBLK, S_IFCHR: "a device"
        default: "something else"
        }
    }
    /// How an overlay says that something of a lower layer is gone.
    var isWhiteout: Bool { st_mode & S_IFMT == S_IFCHR && st_rdev == 0 }
}
