import Pipelines

/// One deployment under way: where it is on its plan, and what has gone wrong with it.
package struct Rollout: Hashable, Sendable, Codable {
    package let order: RolloutOrder
    package let from: ReleaseID?
    package internal(set) var plan: Plan
    package internal(set) var index = 0
    package internal(set) var since: HouseTime
    /// Why it goes back, if it does.
    package internal(set) var cause: String?
    package internal(set) var pausedBy: String?
    /// What the current step waited for has been said.
    package internal(set) var isAnswered = false
    var hookIsRunning = false
    /// The current hook's end, with its problem if it has one.
    var hookEnd: HookEnd?
    var alarm: String?
    /// What another party was charged with last.
    package internal(set) var charge: Charge?
    /// How often an instance of the new version failed, and why the last time.
    package internal(set) var failures = 0
    /// How many of them had been healthy before.
    package internal(set) var relapses = 0
    package internal(set) var lastFailure: String?

    struct HookEnd: Hashable, Sendable, Codable {
        let problem: String?
    }

    package var to: ReleaseID { order.release.id }
    package var step: Step? { plan.steps.indices.contains(index) ? plan.steps[index] : nil }
    /// Whether the hook that it is at has ended.
    package var isHookOver: Bool { hookEnd != nil }
    package var isGoingBack: Bool { cause != nil }

    /// The last thing that was to be reached: it is held while others wait.
    var aim: Aim? {
        for step in plan.steps.prefix(index + 1).reversed() {
            if case .reach(let aim, _, _) = step { return aim }
        }
        return nil
    }

    /// As many failures as ECS's circuit breaker takes; of those who had been healthy, which are no
    /// weakness of a start, half of what there is.
    func isBroken(of count: Int) -> Bool {
        failures >= min(200, max(3, (count + 1) / 2)) || relapses >= max(1, (count + 1) / 2)
    }
}
