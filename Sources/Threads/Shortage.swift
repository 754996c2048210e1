import Glibc

/// What this machine could not give: one more thread, say, or one more open file.
package struct Shortage: Error, Hashable, Sendable, CustomStringConvertible {
    package let operation: String
    package let problem: String
    package let hint: String

    package var description: String { "cannot \(operation): \(problem)\n  hint: \(hint)" }
}

extension Shortage {
    /// `code` is what `pthread_create` gave.
    static func thread(_ code: Int32) -> Shortage {
        Shortage(
            operation: "start a thread", problem: unsafe String(cString: strerror(code)),
            hint: "look how many processes and threads this user and its control group may have "
                + "('ulimit -u', 'TasksMax='), and whether there is memory left")
    }

    /// A call that opens something has just failed.
    package static func file(_ operation: String) -> Shortage {
        Shortage(
            operation: operation, problem: unsafe String(cString: strerror(errno)),
            hint: "look how many files this process may have open ('ulimit -n')")
    }
}
