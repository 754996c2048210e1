package import Attempts
import Logs
package import Supervising

/// An attempt whose commands are all dead. Its log is still open for whoever has more to tell.
package struct EndedAttempt: ~Copyable {
    package let end: AttemptReport.End
    package let cpuMilliseconds: Int
    package let peakMemory: Int
    package let steps: [AttemptReport.Step]
    package var log: AttemptLog

    package consuming func report(_ watch: Watch) -> AttemptReport {
        let totals = log.close(at: watch.milliseconds)
        return AttemptReport(
            end: end, startedAt: watch.startedAt, milliseconds: watch.milliseconds,
            cpuMilliseconds: cpuMilliseconds, peakMemory: peakMemory, logBytes: totals.kept,
            droppedBytes: totals.dropped, steps: steps)
    }
}
