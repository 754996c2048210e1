import Balancer
package import Deployment
package import Pipelines

/// What the balancer has counted of one version in the last half minute.
package struct TrafficWatch: Hashable, Sendable {
    private static let window: Duration = .seconds(30)

    /// All that was counted until a moment.
    package struct Count: Hashable, Sendable {
        package var answers = 0
        /// 5xx, and answers that were broken off.
        package var failures = 0
        /// The mean of each server's last answers, by how many it gave.
        package var milliseconds = 0

        package init(answers: Int = 0, failures: Int = 0, milliseconds: Int = 0) {
            self.answers = answers
            self.failures = failures
            self.milliseconds = milliseconds
        }
    }

    private struct Sample: Hashable, Sendable {
        let at: Duration
        let count: Count
    }

    private var samples: [Sample] = []

    package init() {}

    package mutating func note(_ count: Count, at now: Duration) {
        // A HAProxy that was started anew has forgotten what it had counted.
        if let last = samples.last, count.answers < last.count.answers { samples = [] }
        samples.append(Sample(at: now, count: count))
        let cut = samples.lastIndex { now - $0.at >= Self.window } ?? 0
        samples.removeFirst(cut)
    }

    /// Nothing until there are two counts.
    package var figures: TrafficFigures? {
        guard let first = samples.first, let last = samples.last, first.at < last.at else {
            return nil
        }
        return TrafficFigures(
            seconds: (last.at - first.at) / .seconds(1),
            answers: last.count.answers - first.count.answers,
            failures: last.count.failures - first.count.failures,
            milliseconds: last.count.milliseconds)
    }

    /// Why the deployment of this version should be turned back, for people.
    package func alarm(_ rule: AlarmRule) -> String? {
        guard let first = samples.first, let last = samples.last else { return nil }
        let answers = last.count.answers - first.count.answers
        let failures = last.count.failures - first.count.failures
        guard answers >= rule.requests else { return nil }
        if let most = rule.errors, failures * 100 > most * answers {
            return "\(failures) of its last \(answers) answers were 5xx or broken off, and "
                + "\(most) % may be"
        }
        if let most = rule.latency, last.count.milliseconds > most.milliseconds {
            return "its answers take \(last.count.milliseconds) ms on average, and may take "
                + most.short
        }
        return nil
    }
}

extension TrafficWatch.Count {
    /// Of the servers of one version.
    init(_ servers: [ServerReading]) {
        self.init()
        var weighed = 0
        for server in servers {
            let given = server.counts.answers.reduce(0, +)
            answers += given + server.counts.failedAnswers
            failures += server.counts.answers[4] + server.counts.failedAnswers
            weighed += given * server.times.response
        }
        milliseconds = answers > 0 ? weighed / answers : 0
    }
}
