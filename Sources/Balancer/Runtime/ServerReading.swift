/// A server as HAProxy shows it at one time.
package struct ServerReading: Hashable, Sendable {
    package let id: ServerID
    package let endpoint: Endpoint
    /// `UP`, `DOWN 1/2`, `DRAIN`, `MAINT`, `no check`.
    package let status: String
    /// What the last health check found, such as `L7OK`; empty where there was none.
    package let check: String
    package let weight: Int
    /// Requests that it has now, in all workers.
    package internal(set) var sessions: Int
    package let queue: Int
    package let counts: Counts
    package let times: Times
    /// Whether workers that a reload has left behind may still send it requests.
    package internal(set) var isHeldByFormerWorker = false

    /// What has come of requests since HAProxy knows the server.
    package struct Counts: Hashable, Sendable {
        package var requests = 0
        /// Answers by the first digit of their status, from 1 to 5.
        package var answers = [0, 0, 0, 0, 0]
        package var failedConnections = 0
        package var failedAnswers = 0
        package var retries = 0
        package var sentElsewhere = 0

        /// What was counted since; all of it where HAProxy has begun anew meanwhile.
        package func since(_ earlier: Counts) -> Counts {
            guard requests >= earlier.requests,
                zip(answers, earlier.answers).allSatisfy({ $0 >= $1 })
            else { return self }
            return Counts(
                requests: requests - earlier.requests,
                answers: zip(answers, earlier.answers).map { $0 - $1 },
                failedConnections: max(0, failedConnections - earlier.failedConnections),
                failedAnswers: max(0, failedAnswers - earlier.failedAnswers),
                retries: max(0, retries - earlier.retries),
                sentElsewhere: max(0, sentElsewhere - earlier.sentElsewhere))
        }
    }

    /// On average of the last 1024 requests, in milliseconds.
    package struct Times: Hashable, Sendable {
        package let queue: Int
        package let connect: Int
        package let response: Int
        package let total: Int
    }

    var isResting: Bool { status.hasPrefix("MAINT") }
    var isDown: Bool { status.hasPrefix("DOWN") }

    /// Takes nothing new, and has nothing left.
    package var isIdle: Bool {
        (weight == 0 || isResting) && sessions == 0 && queue == 0 && !isHeldByFormerWorker
    }

    /// Before it takes requests a check has to have passed: HAProxy takes a new one to be well
    /// until it has looked. For one that takes some already HAProxy's own judgement stands.
    func isWell(checked: Bool) -> Bool {
        guard !isResting, !isDown else { return false }
        return !checked || weight > 0 || check.hasSuffix("L7OK")
    }

    var condition: String { check.isEmpty ? status : "\(status), \(check)" }
}
