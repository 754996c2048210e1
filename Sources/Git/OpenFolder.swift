import Glibc

/// A folder held open. What is read or made in it goes by its descriptor and a single name, and
/// links are never followed, so nothing in it can lead elsewhere.
package struct OpenFolder: ~Copyable {
    package let descriptor: Int32
    /// For messages only.
    package let path: RawName

    private init(_ descriptor: Int32, _ path: RawName) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// Opens the folder at a path; the last part of it must not be a link.
    package static func open(_ path: String) throws(GitError) -> OpenFolder {
        let descriptor = unsafe Glibc.open(path, flags)
        guard descriptor >= 0 else { throw GitError.kernel("open folder '\(path)'") }
        return OpenFolder(descriptor, RawName(path))
    }

    package func folder(_ name: RawName) throws(GitError) -> OpenFolder {
        let inner = path.appending(name)
        let found = unsafe openat(descriptor, name.characters, Self.flags)
        guard found >= 0 else { throw GitError.kernel("open folder '\(inner)'") }
        return OpenFolder(found, inner)
    }

    /// Makes a folder that was not there, for its owner alone until it has its mode.
    package func makeFolder(_ name: RawName) throws(GitError) -> OpenFolder {
        let code = unsafe mkdirat(descriptor, name.characters, 0o700)
        guard code == 0 else { throw failure("make folder", name) }
        return try folder(name)
    }

    /// Makes a file that was not there, with this content.
    package func makeFile(_ name: RawName, mode: UInt32, _ content: [UInt8]) throws(GitError) {
        let file = try makeFile(name, mode: mode)
        try file.write(content)
    }

    func makeFile(
        _ name: RawName, mode: UInt32, _ content: UnsafeRawBufferPointer
    ) throws(GitError) {
        let file = try makeFile(name, mode: mode)
        guard unsafe file.writes(content) else { throw failure("write", name) }
    }

    /// Makes a file that was not there, and holds it open to be written.
    package func makeFile(_ name: RawName, mode: UInt32) throws(GitError) -> OpenFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let made = unsafe openat(descriptor, name.characters, flags, 0o600)
        guard made >= 0 else { throw failure("make file", name) }
        let file = OpenFile(made)
        // Said again, because what creates a file obeys the process's mask.
        guard fchmod(made, mode) == 0 else { throw failure("set the mode of", name) }
        return file
    }

    /// Makes a link that says exactly this, wherever it leads.
    package func makeLink(_ name: RawName, to target: RawName) throws(GitError) {
        let code = unsafe symlinkat(target.characters, descriptor, name.characters)
        guard code == 0 else { throw failure("make link", name) }
    }

    package func setMode(_ mode: UInt32) throws(GitError) {
        guard fchmod(descriptor, mode) == 0 else {
            throw GitError.kernel("set the mode of '\(path)'")
        }
    }

    package func failure(_ what: String, _ name: RawName) -> GitError {
        let code = errno
        let full = path.appending(name)
        errno = code
        return GitError.kernel("\(what) '\(full)'")
    }
}

/// A file held open.
package struct OpenFile: ~Copyable {
    package let descriptor: Int32

    package init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    package func write(_ content: [UInt8]) throws(GitError) {
        guard unsafe content.withUnsafeBytes({ unsafe writes($0) }) else {
            throw GitError.kernel("write a file")
        }
    }

    /// False, with `errno`, if not all of it could be written.
    func writes(_ content: UnsafeRawBufferPointer) -> Bool {
        var written = 0
        while written < content.count {
            let count = unsafe Glibc.write(
                descriptor, content.baseAddress?.advanced(by: written), content.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}

extension RawName {
    /// The name as C has it, ended by a NUL. One inside would cut it: names of git have none.
    package var characters: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}
