package import Attempts

/// What one look at an instance has found.
package enum Finding: Hashable, Sendable {
    /// It is well; where its port was asked, by this address of its own network.
    case well(by: String?)
    /// Why it is not, for people.
    case ill(String)

    /// What somebody's own commands have found.
    package static func ended(code: Int) -> Finding {
        code == 0 ? .well(by: nil) : .ill("the health check ended with code \(code)")
    }

    package static func tooSlow(_ milliseconds: Int) -> Finding {
        .ill("the health check takes longer than \(PortCheck.shown(milliseconds))")
    }
}

/// Whether an instance is well, from what was found so far: one look alone may be a slip.
package struct Health: Hashable, Sendable {
    private let rise: Int
    private let fall: Int
    private var wellInARow = 0
    private var illInARow = 0
    package private(set) var condition = ServiceReading.Condition.starting
    /// What is wrong, or what was when somebody last looked.
    package private(set) var cause: String?

    package init(_ check: HealthCheck) {
        rise = max(1, check.rise)
        fall = max(1, check.fall)
    }

    /// Whether there is something to tell.
    package mutating func note(_ finding: Finding) -> Bool {
        let before = self
        switch finding {
        case .well:
            wellInARow = min(wellInARow + 1, rise)
            illInARow = 0
            if wellInARow == rise { condition = .healthy }
            if condition == .healthy { cause = nil }
        case .ill(let cause):
            illInARow = min(illInARow + 1, fall)
            wellInARow = 0
            // One that was never well is not yet ill: whoever waits for it knows for how long.
            if condition == .healthy, illInARow == fall { condition = .unhealthy }
            if condition != .healthy { self.cause = cause }
        }
        return before.condition != condition || before.cause != cause
    }
}
