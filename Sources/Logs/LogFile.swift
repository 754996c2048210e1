import Glibc

/// An open file with one owner. It is closed when its owner is gone.
struct LogFile: ~Copyable {
    private let descriptor: Int32
    let path: String

    /// Takes over a descriptor that somebody else has opened.
    init(adopting descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    static func open(
        _ path: String, _ flags: Int32, mode: mode_t = 0o640, to verb: String
    ) throws(LogError) -> LogFile {
        while true {
            let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
            if descriptor >= 0 { return LogFile(adopting: descriptor, path: path) }
            let code = errno
            guard code == EINTR else { throw LogError("\(verb) '\(path)'", errno: code) }
        }
    }

    deinit { close(descriptor) }

    struct Written {
        let count: Int
        /// Why not all of it.
        let failure: LogError?
    }

    /// Writes all, in as many pieces as the system takes, or as much as it can.
    func write(_ bytes: Span<UInt8>) -> Written {
        var count = 0
        while count < bytes.count {
            let written = unsafe bytes.extracting(droppingFirst: count).withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let code = written < 0 ? errno : EIO
                return Written(count: count, failure: LogError("write '\(path)'", errno: code))
            }
            count += written
        }
        return Written(count: count, failure: nil)
    }

    /// Up to `count` bytes from `offset` on; fewer only where the file ends.
    func read(from offset: Int, upTo count: Int) throws(LogError) -> [UInt8] {
        var failure: Int32?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { space, filled in
            while filled < count {
                let got = unsafe pread(
                    descriptor, space.baseAddress?.advanced(by: filled), count - filled,
                    off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        if let failure { throw LogError("read '\(path)'", errno: failure) }
        return bytes
    }

    func size() throws(LogError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw LogError("look at '\(path)'", errno: errno)
        }
        return Int(status.st_size)
    }

    func truncate(to size: Int) throws(LogError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else {
            throw LogError("shorten '\(path)'", errno: errno)
        }
    }

    func sync() throws(LogError) {
        while fsync(descriptor) != 0 {
            let code = errno
            guard code == EINTR else { throw LogError("sync '\(path)'", errno: code) }
        }
    }
}
