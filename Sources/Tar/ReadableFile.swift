import Glibc

/// A regular file held open for reading at any place of it.
package final class ReadableFile: Sendable {
    package let descriptor: Int32
    package let size: Int

    /// A link at the end of the path is not followed unless it is said: who made it may be a
    /// stranger. Nothing but a file is waited for.
    package convenience init(_ path: String, followingLink: Bool = false) throws(TarProblem) {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLink ? 0 : O_NOFOLLOW)
        let descriptor = unsafe open(path, flags)
        guard descriptor >= 0 else { throw .system("open '\(path)'") }
        try self.init(owning: descriptor, path)
    }

    /// Takes over an open descriptor; `name` is for messages.
    package init(owning descriptor: Int32, _ name: String) throws(TarProblem) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TarProblem("'\(name)' is no file", hint: "name a file there")
        }
        self.descriptor = descriptor
        size = status.st_size
    }

    deinit { close(descriptor) }

    /// As many as there are, up to `count`.
    package func read(at offset: Int, atMost count: Int) throws(TarProblem) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - offset)))
        var done = 0
        while done < bytes.count {
            let wanted = bytes.count - done
            let count = unsafe bytes.withUnsafeMutableBytes { space in
                unsafe pread(
                    descriptor, space.baseAddress.map { unsafe $0 + done }, wanted, offset + done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read a file") }
            if count == 0 { break }
            done += count
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }
}

/// Some of a file.
package struct FilePlace: Sendable {
    package let file: ReadableFile
    package let offset: Int
    package let size: Int

    package init(_ file: ReadableFile, offset: Int, size: Int) {
        self.file = file
        self.offset = offset
        self.size = size
    }

    package init(wholeOf file: ReadableFile) { self.init(file, offset: 0, size: file.size) }

    /// All of it, which has to be small enough to be held.
    package func bytes(atMost most: Int) throws(TarProblem) -> [UInt8] {
        guard size <= most else {
            throw TarProblem(
                "something that should be small has \(size) bytes", hint: "make the archive anew")
        }
        let bytes = try file.read(at: offset, atMost: size)
        guard bytes.count == size else {
            throw TarProblem("a file became shorter while it was read", hint: "run it again")
        }
        return bytes
    }
}
