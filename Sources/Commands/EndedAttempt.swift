package import Attempts
import Logs
package import Supervising

/// An attempt whose commands are all dead. Its log is still open for whoever has more to tell.
package struct EndedAttempt: ~Copyable {
    package var end: AttemptReport.End
    package var log: AttemptLog
    private let cpuMilliseconds: Int
    private let peakMemory: Int
    private let steps: [AttemptReport.Step]

    /// One that has run nothing so far, so that nothing of it has failed.
    package init(log: consuming AttemptLog) {
        self.init(end: .succeeded, cpuMilliseconds: 0, peakMemory: 0, steps: [], log: log)
    }

    init(
        end: AttemptReport.End, cpuMilliseconds: Int, peakMemory: Int,
        steps: [AttemptReport.Step], log: consuming AttemptLog
    ) {
        self.end = end
        self.log = log
        self.cpuMilliseconds = cpuMilliseconds
        self.peakMemory = peakMemory
        self.steps = steps
    }

    package consuming func report(_ watch: Watch) -> AttemptReport {
        let totals = log.close(at: watch.milliseconds)
        return AttemptReport(
            end: end, startedAt: watch.startedAt, milliseconds: watch.milliseconds,
            cpuMilliseconds: cpuMilliseconds, peakMemory: peakMemory, logBytes: totals.kept,
            droppedBytes: totals.dropped, steps: steps)
    }
}
