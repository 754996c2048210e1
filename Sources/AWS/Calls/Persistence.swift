/// How long one thing is asked for again, and in which way each time.
struct Persistence {
    /// Why a try brought nothing.
    enum Failure: Hashable {
        /// No answer, or half of one; `isLasting` if it would be the same again.
        case silence(isLasting: Bool)
        /// By the code and status of the answer; `clock` is how far the service's clock is ahead of
        /// the time that was sent, if it said its own.
        case refusal(code: String, status: Int, clock: Int?)
    }

    enum Step: Hashable {
        /// After a time that chance picks, up to so many milliseconds.
        case again(withinMilliseconds: Int)
        /// At once, with a time that is so many seconds later.
        case correctClock(by: Int)
        /// At once, with credentials that are newer.
        case renewCredentials
        case giveUp
    }

    /// Further than this apart, AWS refuses a signature.
    static let clockTolerance = 4 * 60
    static let longestWait = 20_000

    private let most: Int
    private(set) var tries = 0
    private(set) var hasRenewed = false
    private var hasCorrected = false

    init(tries: Int) { most = tries }

    mutating func next(after failure: Failure) -> Step {
        tries += 1
        if case .refusal(let code, _, let clock) = failure {
            let isOff = clock.map { abs($0) > Self.clockTolerance } ?? false
            if let clock, isOff, !hasCorrected, Self.ofClock.contains(code) {
                hasCorrected = true
                return .correctClock(by: clock)
            }
            if Self.ofExpiry.contains(code), !hasRenewed {
                hasRenewed = true
                return .renewCredentials
            }
        }
        guard Self.mayPass(failure), tries < most else { return .giveUp }
        // Full jitter: all that were turned away at once do not come back at once.
        return .again(withinMilliseconds: min(1_000 << min(tries - 1, 5), Self.longestWait))
    }

    static func isOfExpiry(_ code: String) -> Bool { ofExpiry.contains(code) }

    private static func mayPass(_ failure: Failure) -> Bool {
        switch failure {
        case .silence(let isLasting): !isLasting
        case .refusal(let code, let status, _):
            passing.contains(code) || status == 429 || [500, 502, 503, 504].contains(status)
        }
    }

    private static let ofClock: Set<String> = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "SignatureDoesNotMatch",
        "InvalidSignatureException", "AuthFailure",
    ]
    private static let ofExpiry: Set<String> = ["ExpiredToken", "ExpiredTokenException"]
    /// It is too much for them at the moment, or they have lost it on the way.
    private static let passing: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "RequestThrottled", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException", "RequestTimeout",
        "RequestTimeoutException", "IDPCommunicationError",
    ]
}
