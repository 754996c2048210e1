import Attempts
import Glibc

enum Input {
    static func read(_ path: String) throws(FieldError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FieldError("cannot read '\(path)': \(unsafe String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        return readAll(descriptor)
    }

    /// Up to the end, or up to where reading fails, which who parses it notices.
    static func readAll(_ descriptor: Int32, limit: Int = Fields.maximumLength) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count < limit {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe Glibc.read(descriptor, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
