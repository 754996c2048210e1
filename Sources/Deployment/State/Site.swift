package import Pipelines

/// An environment as it is: which version is there, on which instances, who gets the traffic, and
/// what is being deployed. A value; it knows no clock and no target.
package struct Site: Hashable, Sendable, Codable {
    package internal(set) var releases: [ReleaseID: Release] = [:]
    package internal(set) var current: ReleaseID?
    package internal(set) var kept: Kept?
    package internal(set) var instances: [InstanceID: Instance] = [:]
    package internal(set) var traffic: [RoleName: Traffic] = [:]
    /// How many of a role there are to be, where that changes with what is asked.
    package internal(set) var scaled: [RoleName: Int]? = nil
    package internal(set) var rollout: Rollout?
    package internal(set) var queue: [RolloutOrder] = []
    package internal(set) var lock: Lock?
    /// Nothing where nobody has looked yet.
    package internal(set) var hours: Hours?
    /// Releases that somebody lets begin though it is frozen.
    package internal(set) var letThrough: Set<ReleaseID> = []
    /// Versions that a person has left: automation does not put them back.
    package internal(set) var pins: Set<String> = []
    package internal(set) var last: SiteOutcome?
    var setbacks: [Post: Setback] = [:]
    var nextInstance = 1
    /// How often another party was charged with something.
    var charges = 0

    package init() {}

    /// The version that was there before, ready to take over at once.
    package struct Kept: Hashable, Sendable, Codable {
        package let release: ReleaseID
        package let until: HouseTime
    }

    package struct Lock: Hashable, Sendable, Codable {
        package let person: String
        package let reason: String
        package let since: HouseTime
    }

    /// A role of a release.
    struct Post: Hashable, Sendable, Codable {
        let release: ReleaseID
        let role: RoleName
    }

    /// Instances that failed, one after the other: the next is begun after a pause.
    package struct Setback: Hashable, Sendable, Codable {
        var count: Int
        var until: HouseTime
        /// The newest of them.
        var last: Failure?

        package struct Failure: Hashable, Sendable, Codable {
            package let instance: InstanceID
            package let cause: String
            package let at: HouseTime
        }

        static let longest = 60_000

        mutating func add(_ instance: InstanceID, _ cause: String, at now: HouseTime) {
            last = Failure(instance: instance, cause: cause, at: now)
            count = min(count + 1, 16)
            until = now + .milliseconds(min(Self.longest, 500 << count))
        }
    }

    /// What there should be, now.
    var aim: Aim {
        if let aim = rollout?.aim { return aim }
        // Before there is anything to reach, all stays as it is.
        return .only(current, keeping: kept?.release)
    }

    /// Where it is going, or else what is there: what somebody leaves who wants another.
    package var foremost: ReleaseID? {
        rollout.flatMap { $0.isGoingBack ? nil : $0.to } ?? current
    }

    package func instances(of release: ReleaseID, _ role: RoleName) -> [Instance] {
        instances.values.filter { $0.release == release && $0.role == role }
            .sorted { $0.id < $1.id }
    }

    package func routing(of role: RoleName) -> Routing { traffic[role]?.routing ?? .none }

    /// Whether the balancer is known to do what was decided last.
    func isHeld(_ role: RoleName) -> Bool { traffic[role]?.isHeld ?? true }

    /// In any role of any release that is here, by their names.
    var roleNames: [RoleName] {
        let present = Set(instances.values.map(\.release)).union(aim.complete)
        let roles = present.compactMap { releases[$0] }.flatMap(\.roles).map(\.name)
        return Set(roles + Array(traffic.keys)).sorted()
    }
}
