import CGit2
import Glibc

/// What could not be done with a repository: what was tried, why not, and what to do.
package struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case notARepository, notOwned, unsupported, noCommit, unknownName, ambiguousName
        case missingObject, corrupt, dangerousName, overLimit, noWorkingTree, file, other
        // of other machines
        case address, unreachable, unauthorized, untrusted, timedOut
    }

    package let kind: Kind
    package let operation: String
    package let problem: String
    package let hint: String
    /// So long whoever was asked wants to be left alone, if they have said so.
    package let pause: Duration?

    package init(
        _ kind: Kind, _ operation: String, problem: String, hint: String, pause: Duration? = nil
    ) {
        self.pause = pause
        self.kind = kind
        self.operation = operation
        self.problem = problem
        self.hint = hint
    }

    package var description: String { "cannot \(operation): \(problem)\n  hint: \(hint)" }
}

extension GitError {
    /// What libgit2 says of the call that has just failed on this thread.
    static func last(_ code: Int32, _ operation: String) -> GitError {
        let (words, area) = lastWords
        let problem = "\(words) (libgit2 \(code))"
        switch (code, area) {
        case (GIT_ENOTFOUND.rawValue, _):
            return GitError(.missingObject, operation, problem: problem, hint: missingHint)
        case (GIT_EMISMATCH.rawValue, _), (_, GIT_ERROR_ODB), (_, GIT_ERROR_ZLIB),
            (_, GIT_ERROR_OBJECT), (_, GIT_ERROR_TREE), (_, GIT_ERROR_INDEX),
            (_, GIT_ERROR_TAG), (_, GIT_ERROR_REFERENCE):
            return GitError(.corrupt, operation, problem: problem, hint: corruptHint)
        case (_, GIT_ERROR_OS), (_, GIT_ERROR_FILESYSTEM):
            return GitError(
                .file, operation, problem: problem,
                hint: "it has to be readable by the user that runs Slipway")
        default:
            return GitError(.other, operation, problem: problem, hint: corruptHint)
        }
    }

    /// libgit2's own words for the last failure, and the part of it that failed.
    static var lastWords: (words: String, area: git_error_t) {
        guard let error = unsafe git_error_last(), let message = unsafe error.pointee.message else {
            return ("libgit2 gives no reason", GIT_ERROR_NONE)
        }
        let area = unsafe git_error_t(UInt32(bitPattern: error.pointee.klass))
        return (unsafe RawName(Array(String(cString: message).utf8)).description, area)
    }

    /// A call to the kernel that has just failed.
    package static func kernel(_ operation: String) -> GitError {
        let code = errno
        let hint =
            switch code {
            case ENOSPC, EDQUOT: "free some space on the disk"
            case EACCES, EPERM, EROFS: "the user that runs Slipway has to be allowed to"
            case ENOENT, ENOTDIR, ELOOP: "check the path; links are not followed here"
            case EEXIST: "two entries of one folder have the same name, or it was not empty"
            case EMFILE, ENFILE: "raise the limit of open files: ulimit -n"
            default: "look at the machine's disk"
            }
        let problem = unsafe String(cString: strerror(code))
        return GitError(.file, operation, problem: problem, hint: hint)
    }

    static let missingHint =
        "fetch what is missing ('git fetch --unshallow' for a shallow clone), or check with "
        + "'git fsck'"
    static let corruptHint =
        "check the repository with 'git fsck', and clone it anew if it is damaged"
}

/// Runs a call of libgit2, and says what was tried if it fails.
func attempt(
    _ operation: @autoclosure () -> String, _ call: () -> Int32
) throws(GitError) {
    let code = call()
    guard code >= 0 else { throw GitError.last(code, operation()) }
}
