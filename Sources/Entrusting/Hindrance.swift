import AWS

/// Why a deployment cannot be, for people.
struct Hindrance: Error, CustomStringConvertible {
    let description: String

    init(_ problem: String, hint: String) { description = "\(problem); \(hint)" }
}

extension AWSProblem {
    /// Whether it may be otherwise the next time that it is asked for.
    var mayPass: Bool {
        switch cause {
        case .unreachable, .expired, .stopped: true
        case .refused(let status, let code):
            status >= 500 || status == 429 || code.contains("Throttl")
                || Self.passing.contains(code)
        case .settings, .credentials, .unreadable: false
        }
    }

    /// Too much is asked at once, or something else has to end first.
    private static let passing: Set<String> = [
        "TooManyRequestsException", "RequestLimitExceeded", "SlowDown", "ConflictException",
        "UpdateInProgressException", "DeploymentLimitExceededException",
    ]
}
