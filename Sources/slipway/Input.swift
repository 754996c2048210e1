import Glibc
import SmallFiles
import YAML

/// Reads files that a person named.
enum Input {
    struct Failure: Error {
        let problem: String
        let hint: String
    }

    /// The bytes of a file, or of standard input for `-`; never more than a definition can have.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        if path == "-" { return try read(from: STDIN_FILENO) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(.last) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(.last) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure(problem: "it is a folder", hint: "name a file in it")
        }
        return try read(from: descriptor)
    }

    private static func read(from descriptor: Int32) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            try SmallFile.read(descriptor, into: &bytes, limit: Limits.bytes + 1)
        } catch {
            throw failure(error)
        }
        return bytes
    }

    private static func failure(_ problem: FileProblem) -> Failure {
        let hint =
            switch problem.code {
            case ENOENT: "check the name; '-' reads standard input"
            case EACCES: "you may not read it; ask its owner"
            default: "check that it is a file you can read"
            }
        return Failure(problem: problem.description, hint: hint)
    }
}
