/// What the Engine did not do, in its own words where it has said any.
package enum DockerError: Error, Hashable, CustomStringConvertible {
    case unreachable(socket: String, problem: String)
    /// It has answered with a status that is no success.
    case refused(operation: String, status: Int, message: String)
    case unreadable(operation: String)
    case system(operation: String, problem: String)

    /// The Engine knows of no such thing.
    package var isMissing: Bool {
        if case .refused(_, 404, _) = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .unreachable(let socket, let problem):
            "the Docker Engine cannot be reached at '\(socket)': \(problem); start it, or name "
                + "its socket in the runner's profile: 'socket: /path'; its socket has to be "
                + "yours to use, as it is root's and the group docker's"
        case .refused(let operation, let status, let message):
            "the Docker Engine did not \(operation): \(message) (\(status))"
        case .unreadable(let operation):
            "the Docker Engine was to \(operation), and its answer makes no sense"
        case .system(let operation, let problem): "cannot \(operation): \(problem)"
        }
    }
}
