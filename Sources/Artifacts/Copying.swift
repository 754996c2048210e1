import Glibc

/// Copies one file or link where it can be neither moved nor shared.
enum Copying {
    static func copy(
        _ name: EntryName, from source: OpenFolder, to target: OpenFolder
    ) throws(ArtifactError) {
        guard let status = source.status(name) else { throw .system("read '\(name.shown)'") }
        if status.isLink, let text = source.link(name) {
            let made = unsafe name.withCString { name in
                unsafe EntryName(text).withCString { text in
                    unsafe symlinkat(text, target.descriptor, name)
                }
            }
            guard made == 0 else { throw .system("copy '\(name.shown)'") }
            return
        }
        guard status.isFile else {
            throw ArtifactError("'\(name.shown)' is neither a file, nor a folder, nor a link")
        }
        let input = source.file(name)
        guard input >= 0 else { throw .system("read '\(name.shown)'") }
        defer { close(input) }
        let output = unsafe name.withCString { name in
            unsafe openat(
                target.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                status.st_mode & 0o777)
        }
        guard output >= 0 else { throw .system("copy '\(name.shown)'") }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe read(input, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read '\(name.shown)'") }
            if count == 0 { return }
            var done = 0
            while done < count {
                let written = unsafe buffer.withUnsafeBytes { bytes in
                    unsafe write(output, bytes.baseAddress?.advanced(by: done), count - done)
                }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw .system("copy '\(name.shown)'") }
                done += written
            }
        }
    }
}
