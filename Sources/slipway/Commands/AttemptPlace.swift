import Attempts
import Store

extension History.Attempt {
    /// As people write it: the number only where it is not the first.
    var title: String {
        number == 1 ? "\(stage)/\(job)" : "\(stage)/\(job) (attempt \(number))"
    }

    /// What is left of it. The first form of the record wrote checks without their '@'.
    func folder(of pipeline: String, _ execution: Int, in home: String) -> AttemptFolder {
        let name = job.hasPrefix("before-") || job.hasPrefix("after-") ? "@\(job)" : job
        return AttemptFolder(
            "\(home)/executions/\(pipeline)/\(execution)/\(stage).\(visit)/\(name).\(number)")
    }
}
