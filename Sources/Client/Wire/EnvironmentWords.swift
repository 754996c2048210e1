// What the server tells of environments.

import Pipelines

package struct EnvironmentSummary: Decodable, Sendable {
    package let name: String
    package let about: String?
    package let pipeline: String
    /// `serving`, `deploying`, `going back`, `degraded` or `empty`.
    package let health: String
    package let release: PlacedRelease?
    package let deployment: DeploymentWords?
    package let lock: LockWords?
    package let frozen: String?
    package let waiting: Int
    package let drift: [DriftWords]
}

package struct EnvironmentDetail: Decodable, Sendable {
    package let summary: EnvironmentSummary
    package let traffic: [TrafficWords]
    package let instances: [InstanceWords]
    package let queue: [PastDeploymentWords]
    package let releases: [PlacedRelease]
    package let left: [String]
    package let history: [PastDeploymentWords]

    private enum CodingKeys: String, CodingKey {
        case traffic, instances, queue, releases, left, history
    }

    package init(from decoder: any Decoder) throws {
        summary = try EnvironmentSummary(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        traffic = try members.decode([TrafficWords].self, forKey: .traffic)
        instances = try members.decode([InstanceWords].self, forKey: .instances)
        queue = try members.decode([PastDeploymentWords].self, forKey: .queue)
        releases = try members.decode([PlacedRelease].self, forKey: .releases)
        left = try members.decode([String].self, forKey: .left)
        history = try members.decode([PastDeploymentWords].self, forKey: .history)
    }
}

/// A version in an environment.
package struct PlacedRelease: Decodable, Sendable {
    package struct Approval: Decodable, Sendable {
        package let stage: String
        package let votes: String
    }

    package let release: String
    package let version: String
    package let commits: [String: String]
    package let since: Instant?
    package let by: String?
    package let execution: String?
    package let approvals: [Approval]
    /// Until when its instances stay.
    package let kept: Instant?

    /// `app 0123abcd`, or the digest where nobody knows of what it was made.
    package var shortVersion: String {
        guard !commits.isEmpty else { return ShortVersion.of(version) }
        return commits.sorted { $0.key < $1.key }.map { source, commit in
            "\(source) \(ShortVersion.of(commit, digits: 8))"
        }.joined(separator: ", ")
    }
}

/// A deployment that is under way.
package struct DeploymentWords: Decodable, Sendable {
    package let release: String
    package let version: String
    package let from: String?
    package let strategy: String
    /// From 1; one more than there are when all are done.
    package let step: Int
    package let since: Instant?
    package let deadline: Instant?
    /// What runs the hook that it is at, as `slipway logs` takes it.
    package let hook: String?
    package let pausedBy: String?
    package let cause: String?
    package let failures: Int
    package let lastFailure: String?
    /// How far AWS is, where it carries the step out.
    package let progress: String?
    package let steps: [DeploymentStep]

    package var present: DeploymentStep? {
        steps.indices.contains(step - 1) ? steps[step - 1] : nil
    }

    private enum CodingKeys: String, CodingKey {
        case release, version, from, strategy, step, since, deadline, hook, cause, failures, steps
        case progress
        case pausedBy = "paused-by"
        case lastFailure = "last-failure"
    }
}

package struct DeploymentStep: Decodable, Sendable {
    /// `hook`, `reach`, `entrust`, `ask` or `watch`.
    package let kind: String
    package let sentence: String
}

package struct LockWords: Decodable, Sendable {
    package let by: String
    package let reason: String
    package let since: Instant?
}

package struct DriftWords: Decodable, Sendable {
    package let role: String?
    package let sentence: String
}

package struct TrafficWords: Decodable, Sendable {
    /// What came of requests in the last half minute.
    package struct Figures: Decodable, Sendable {
        package let milliseconds: Int
        package let answers: Int
        package let failures: Int
        package let latency: Int
    }

    package struct Lane: Decodable, Sendable {
        package let release: String
        package let percent: Int
        package let instances: [String]
        package let figures: Figures?
    }

    package let role: String
    package let listens: [String]
    package let lanes: [Lane]
    package let confirmed: Bool
}

package struct InstanceWords: Decodable, Sendable {
    package let instance: String
    package let release: String
    package let role: String
    package let condition: String
    package let since: Instant?
    package let cause: String?
}

/// A deployment, from the wish to its end.
package struct PastDeploymentWords: Decodable, Sendable {
    package let release: String
    package let version: String
    package let strategy: String
    package let by: String
    package let execution: String?
    package let ordered: Instant?
    package let begun: Instant?
    package let ended: Instant?
    /// `waiting`, `deploying`, `succeeded`, `turned back`, `stuck` or `dropped`.
    package let outcome: String
    package let reason: String
    /// It was dropped because it was there already.
    package let there: Bool
}

/// What putting a release back would do, or does.
package struct RollbackWords: Decodable, Sendable {
    package struct Launch: Decodable, Sendable {
        package let role: String
        package let count: Int
    }

    package let leaves: String?
    package let release: String?
    package let version: String?
    package let strategy: String
    package let steps: [DeploymentStep]
    package let launches: [Launch]
    package let waitsFor: String?
    package let there: Bool

    /// It undoes the deployment that is under way.
    package var turnsBack: Bool { strategy == "turn back" }

    private enum CodingKeys: String, CodingKey {
        case leaves, release, version, strategy, steps, launches, there
        case waitsFor = "waits-for"
    }
}
