import Glibc
import YAML

/// Reads files that a person named.
enum Input {
    struct Failure: Error {
        let problem: String
        let hint: String
    }

    /// The bytes of a file, or of standard input for `-`; never more than a definition can have.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        if path == "-" { return try read(from: STDIN_FILENO, path) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure(problem: "it is a folder", hint: "name a file in it")
        }
        return try read(from: descriptor, path)
    }

    private static func read(from descriptor: Int32, _ path: String) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= Limits.bytes {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe Glibc.read(descriptor, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func failure(_ path: String) -> Failure {
        let code = errno
        let reason = unsafe String(cString: strerror(code))
        let hint =
            switch code {
            case ENOENT: "check the name; '-' reads standard input"
            case EACCES: "you may not read it; ask its owner"
            default: "check that it is a file you can read"
            }
        return Failure(problem: reason, hint: hint)
    }
}
