/// What whoever watches remotes tells of one look.
package struct LookFigure: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        case seen, failed
        /// It took too long, and was given up.
        case abandoned
    }

    package let outcome: Outcome
    /// From when it was due until it began.
    package let lag: Duration
    package let time: Duration
    /// From when it was due until what it brought was on the record; nothing if it brought nothing.
    package let delay: Duration?

    package init(outcome: Outcome, lag: Duration, time: Duration, delay: Duration?) {
        self.outcome = outcome
        self.lag = lag
        self.time = time
        self.delay = delay
    }
}

/// How it stands with what is watched, at this moment.
package struct WatchFigures: Hashable, Sendable {
    package let answering: Int
    package let failing: Int
    /// Not looked at yet.
    package let unseen: Int
    /// How long the look that waits longest is overdue.
    package let overdue: Duration
    /// Processes that speak with remotes.
    package let couriers: Int

    package init(answering: Int, failing: Int, unseen: Int, overdue: Duration, couriers: Int) {
        self.answering = answering
        self.failing = failing
        self.unseen = unseen
        self.overdue = overdue
        self.couriers = couriers
    }

    var text: String {
        let remotes = [("answering", answering), ("failing", failing), ("unseen", unseen)]
        return Figures.some("slipway_remotes", "Repositories that are watched.", "state", remotes)
            + Figures.one(
                "slipway_watch_overdue_seconds", "gauge",
                "How long the look at a repository that waits longest is overdue.",
                Int(overdue.components.seconds))
            + Figures.one(
                "slipway_couriers", "gauge", "Processes that speak with repositories.", couriers)
    }
}

/// Looks at remotes since the server was started.
struct Looks: Hashable, Sendable {
    private var outcomes = Counter()
    private var lags = Histogram(label: nil)
    private var times = Histogram(label: nil)

    mutating func add(_ look: LookFigure) {
        outcomes.add([look.outcome.rawValue])
        lags.add(look.lag)
        times.add(look.time)
    }

    var text: String {
        outcomes.text("slipway_looks_total", "Looks at repositories.", ["outcome"])
            + lags.text("slipway_look_lag_seconds", "From when a look was due until it began.")
            + times.text("slipway_look_seconds", "How long a look took.")
    }
}
