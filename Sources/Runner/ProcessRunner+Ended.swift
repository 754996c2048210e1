package import Engine
import Glibc

extension ProcessRunner {
    /// Lets go of attempts that an earlier house has left, and whose executions are over.
    package func collectEnded(in state: EngineState) {
        let isOver = { (attempt: AttemptID) in
            state.execution(attempt.visit.execution)?.isFinished ?? true
        }
        while known.contains(where: { isOver($0.key) && $0.value.isHarvesting }) {
            var waited = pollfd(fd: workers.descriptor, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&waited, 1, -1)
            look()
        }
        for (attempt, seen) in known where isOver(attempt) {
            if case .finished = seen { collect(attempt) }
        }
    }
}
