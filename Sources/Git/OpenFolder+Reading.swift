import Glibc

/// What lies under a name.
package struct FileStatus: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file, program, folder, link
        /// In words: a socket, a device …
        case special(String)
    }

    package let kind: Kind
    package let size: Int

    init(_ status: stat) {
        size = Int(status.st_size)
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: status.st_mode & 0o100 != 0 ? .program : .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            case S_IFIFO: .special("a named pipe")
            case S_IFSOCK: .special("a socket")
            default: .special("a device")
            }
    }
}

extension OpenFolder {
    /// Looks at what is there itself, not at what a link leads to.
    package func status(_ name: RawName) throws(GitError) -> FileStatus {
        var status = stat()
        guard unsafe fstatat(descriptor, name.characters, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw failure("look at", name)
        }
        return FileStatus(status)
    }

    /// All names in the folder, in order.
    package func names() throws(GitError) -> [RawName] {
        // The list has a place of its own in the folder, and closes its descriptor.
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let list = unsafe fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            throw GitError.kernel("list folder '\(path)'")
        }
        defer { unsafe closedir(list) }
        var names: [RawName] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(list),
                let place = MemoryLayout<dirent>.offset(of: \.d_name)
            else { break }
            let text = unsafe UnsafeRawPointer(entry).advanced(by: place)
            guard let name = unsafe RawName(copying: text.assumingMemoryBound(to: CChar.self))
            else { continue }
            if name != RawName("."), name != RawName("..") { names.append(name) }
        }
        guard errno == 0 else { throw GitError.kernel("list folder '\(path)'") }
        return names.sorted()
    }

    package func linkTarget(_ name: RawName) throws(GitError) -> RawName {
        var space = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlinkat(descriptor, name.characters, &space, space.count)
        guard count >= 0 else { throw failure("read link", name) }
        return RawName(space[..<count].map { UInt8(bitPattern: $0) })
    }

    /// Opens a file to be read. Anything else under that name is refused: opening a pipe would wait
    /// for whoever writes to it, and a device may act on being opened.
    package func file(_ name: RawName) throws(GitError) -> OpenFile {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let found = unsafe openat(descriptor, name.characters, flags)
        guard found >= 0 else { throw failure("open", name) }
        let file = OpenFile(found)
        var status = stat()
        guard unsafe fstat(found, &status) == 0 else { throw failure("look at", name) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw GitError(
                .file, "read '\(path.appending(name))'", problem: "it is no file",
                hint: "remove it, or have it ignored")
        }
        return file
    }

    /// Removes what lies under a name, and all that is in it.
    package func remove(_ name: RawName) throws(GitError) {
        if unsafe unlinkat(descriptor, name.characters, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM || errno == EACCES else {
            throw failure("remove", name)
        }
        try emptied(name)
        let code = unsafe unlinkat(descriptor, name.characters, AT_REMOVEDIR)
        guard code == 0 || errno == ENOENT else { throw failure("remove folder", name) }
    }

    private func emptied(_ name: RawName) throws(GitError) {
        let inner = try folder(name)
        try inner.setMode(0o700)
        for entry in try inner.names() { try inner.remove(entry) }
    }
}

extension OpenFile {
    /// The next bytes, at most so many; none at the end.
    package func read(upTo limit: Int) throws(GitError) -> [UInt8] {
        while true {
            var count = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { space, filled in
                count = unsafe Glibc.read(descriptor, space.baseAddress, space.count)
                filled = max(count, 0)
            }
            if count >= 0 { return bytes }
            guard errno == EINTR else { throw GitError.kernel("read a file") }
        }
    }
}
