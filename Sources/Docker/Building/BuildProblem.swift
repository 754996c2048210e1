/// Why there is no image.
package enum BuildProblem: Error, Hashable, CustomStringConvertible {
    /// It cannot be built as it is asked for.
    case unfit(String, hint: String)
    /// The Dockerfile's own: a command that failed, a file that is not there. `step` is the one
    /// that did, as the log has it.
    case failed(String, step: String?)
    case engine(DockerError)
    /// The answer ended, or is no answer of a build.
    case broken(String)
    case cancelled

    package var description: String {
        switch self {
        case .unfit(let problem, let hint): "\(problem); \(hint)"
        case .failed(let problem, nil): "the image was not built: \(problem)"
        case .failed(let problem, let step?): "the image was not built: at \(step): \(problem)"
        case .engine(let error): error.description
        case .broken(let problem):
            "the Docker Engine's build cannot be followed: \(problem); look at the Engine's log"
        case .cancelled: "the build was stopped"
        }
    }
}
