import CLaunch
import Glibc

/// What layers show together, as an overlay would show it, in a folder of its own: for where the
/// file system can neither overlay them nor show them as another user's.
struct TreeCopy {
    /// Whose the copy is; nothing if it is ours.
    let owner: Int?

    /// The topmost layer comes first. The folder is there and empty.
    func make(_ layers: [String], in target: String) throws(SandboxError) {
        var sources: [Handle] = []
        for layer in layers { sources.append(try Handle.folder(layer)) }
        try copy(sources, into: try Handle.folder(target))
    }

    private func copy(_ sources: [Handle], into target: Handle) throws(SandboxError) {
        var seen = Set<Name>()
        for (index, source) in sources.enumerated() {
            for name in try source.names() where seen.insert(name).inserted {
                try copy(name, from: sources[index...], into: target)
            }
        }
    }

    /// The first of the sources has it.
    private func copy(
        _ name: Name, from sources: ArraySlice<Handle>, into target: Handle
    ) throws(SandboxError) {
        guard let first = sources.first, let status = first.status(name) else {
            throw SandboxError.system("copy '\(name)'")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: try copyFile(name, from: first, into: target)
        case S_IFLNK: try copyLink(name, status, from: first, into: target)
        case S_IFDIR: try copyFolder(name, status, from: sources, into: target)
        default:
            throw SandboxError("copy '\(name)'", "it is neither a file nor a folder nor a link")
        }
    }

    private func copyFolder(
        _ name: Name, _ status: stat, from sources: ArraySlice<Handle>, into target: Handle
    ) throws(SandboxError) {
        var folders: [Handle] = []
        for source in sources {
            guard let status = source.status(name) else { continue }
            // Something else in its place hides what lies deeper.
            guard status.st_mode & S_IFMT == S_IFDIR else { break }
            folders.append(try source.open(name, O_RDONLY | O_DIRECTORY))
        }
        guard unsafe mkdirat(target.descriptor, name.bytes, 0o700) == 0 else {
            throw SandboxError.system("make '\(name)'")
        }
        let folder = try target.open(name, O_RDONLY | O_DIRECTORY)
        try copy(folders, into: folder)
        try finish(folder, as: status, name)
    }

    private func copyFile(
        _ name: Name, from source: Handle, into target: Handle
    ) throws(SandboxError) {
        let file = try source.open(name, O_RDONLY | O_NONBLOCK)
        var status = stat()
        guard unsafe fstat(file.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG
        else { throw SandboxError("copy '\(name)'", "it is not the file any more that it was") }
        let copy = try target.open(name, O_WRONLY | O_CREAT | O_EXCL)
        guard slipway_copy_bytes(file.descriptor, copy.descriptor) == 0 else {
            throw SandboxError.system("copy '\(name)'")
        }
        try finish(copy, as: status, name)
    }

    private func copyLink(
        _ name: Name, _ status: stat, from source: Handle, into target: Handle
    ) throws(SandboxError) {
        var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = unsafe readlinkat(source.descriptor, name.bytes, &text, Int(PATH_MAX))
        guard count >= 0, unsafe symlinkat(text, target.descriptor, name.bytes) == 0 else {
            throw SandboxError.system("copy the link '\(name)'")
        }
        let at = target.descriptor
        let times = [status.st_atim, status.st_mtim]
        guard unsafe utimensat(at, name.bytes, times, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw SandboxError.system("copy the link '\(name)'")
        }
        guard let owner else { return }
        let (user, group) = (uid_t(owner), gid_t(owner))
        guard unsafe fchownat(at, name.bytes, user, group, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw SandboxError.system("give '\(name)' to the sandbox")
        }
    }

    /// Builds look at times, so they stay.
    private func finish(_ copy: Handle, as status: stat, _ name: Name) throws(SandboxError) {
        if let owner, fchown(copy.descriptor, uid_t(owner), gid_t(owner)) != 0 {
            throw SandboxError.system("give '\(name)' to the sandbox")
        }
        let times = [status.st_atim, status.st_mtim]
        guard fchmod(copy.descriptor, status.st_mode & 0o777) == 0,
            unsafe futimens(copy.descriptor, times) == 0
        else { throw SandboxError.system("copy '\(name)'") }
    }
}

/// A name as it is on the disk, which need be no text.
private struct Name: Hashable, CustomStringConvertible {
    let bytes: [CChar]

    var description: String {
        String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// An open file or folder, from which one goes on by single names.
private final class Handle {
    let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    static func folder(_ path: String) throws(SandboxError) -> Handle {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system("open '\(path)'") }
        return Handle(descriptor)
    }

    func open(_ name: Name, _ flags: Int32) throws(SandboxError) -> Handle {
        let flags = flags | O_NOFOLLOW | O_CLOEXEC
        let opened = unsafe openat(descriptor, name.bytes, flags, 0o600 as mode_t)
        guard opened >= 0 else { throw SandboxError.system("open '\(name)'") }
        return Handle(opened)
    }

    func status(_ name: Name) -> stat? {
        var status = stat()
        return unsafe fstatat(descriptor, name.bytes, &status, AT_SYMLINK_NOFOLLOW) == 0
            ? status : nil
    }

    func names() throws(SandboxError) -> [Name] {
        // The stream closes what it is given.
        let again = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard again >= 0, let stream = unsafe fdopendir(again) else {
            throw SandboxError.system("list a folder")
        }
        defer { unsafe closedir(stream) }
        var names: [Name] = []
        while let entry = unsafe readdir(stream) {
            let bytes: [CChar] = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    let count = unsafe strlen(name) + 1
                    return unsafe Array(UnsafeBufferPointer(start: name, count: count))
                }
            }
            let isSelf = bytes == [46, 0] || bytes == [46, 46, 0]
            if !isSelf { names.append(Name(bytes: bytes)) }
        }
        return names
    }
}
