import Glibc

/// What could not be done with a log, and what to do about it.
package struct LogError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case full, notFound, damaged, other
    }

    package let kind: Kind
    package let operation: String
    package let problem: String
    package let hint: String

    init(_ kind: Kind, _ operation: String, problem: String, hint: String) {
        self.kind = kind
        self.operation = operation
        self.problem = problem
        self.hint = hint
    }

    init(_ operation: String, errno code: Int32) {
        let problem = unsafe String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT:
            self.init(.full, operation, problem: problem, hint: "free some space on the disk")
        case EFBIG:
            self.init(
                .full, operation, problem: problem,
                hint: "raise the limit on the size of files, or print less")
        case ENOENT, ENOTDIR:
            self.init(.notFound, operation, problem: problem, hint: "check the path")
        case EEXIST:
            self.init(
                .other, operation, problem: problem,
                hint: "an attempt's log is begun once; begin another attempt")
        case EACCES, EPERM, EROFS:
            self.init(
                .other, operation, problem: problem,
                hint: "it has to be readable and writable by the user that runs Slipway")
        default:
            self.init(.other, operation, problem: problem, hint: "look at the machine's disk")
        }
    }

    /// The disk has room for others, and not for more of a log as large as this.
    package static func scarce(_ path: String) -> LogError {
        LogError(
            .full, "write '\(path)'", problem: "hardly any of the disk is left",
            hint: "free some space on the disk, or print less")
    }

    static func damaged(_ path: String, _ problem: String) -> LogError {
        LogError(
            .damaged, "read '\(path)'", problem: problem, hint: "look at the machine's disk")
    }

    package var description: String { "cannot \(operation): \(problem)\n  hint: \(hint)" }
}
