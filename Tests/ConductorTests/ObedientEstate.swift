import Assignments
import Conductor
import Deployment
import Engine
import Pipelines

/// An estate where all is well at once, but for what a test says.
final class ObedientEstate: Estate {
    var facts: [EnvironmentName: SiteFacts] = [:]
    /// Versions whose instances never become healthy.
    var sick: Set<String> = []

    func keep(_ sites: [EnvironmentName: Site]) {
        for (name, site) in sites {
            var seen = SiteFacts()
            for (id, instance) in site.instances {
                let version = site.releases[instance.release]?.version
                seen.instances[id] =
                    switch instance.condition {
                    case .stopping: .gone("it was stopped")
                    case _ where version.map(sick.contains) == true: .gone("exited with code 3")
                    default: .healthy
                    }
                if instance.condition == .leaving { seen.drained.insert(id) }
            }
            seen.routed = site.traffic.mapValues(\.serial)
            facts[name] = seen
        }
    }
}

/// Hands whose actions end at once, and bring home what a test says.
final class QuickHands: Hands {
    var observed: [AttemptID: Observed] = [:]
    var artifacts: [Artifact] = []
    /// How hooks end, or that they go on; well where nothing is said.
    var hooks: [Hook: Observed] = [:]
    var begun: [Assignment] = []
    /// What is killed is not known to be dead.
    var isSlow = false
    var killed: [AttemptID] = []

    func start(_ assignment: Assignment) {
        begun.append(assignment)
        var result = AttemptResult(end: .succeeded, artifacts: artifacts)
        if case .hook(let hook, _) = assignment.attempt.job {
            result = AttemptResult(end: .succeeded)
            observed[assignment.attempt] = hooks[hook] ?? .finished(result)
        } else {
            observed[assignment.attempt] = .finished(result)
        }
    }

    func refuse(_ attempt: AttemptID, because reason: String) {
        observed[attempt] = .finished(AttemptResult(end: .failed(.couldNotStart, reason)))
    }

    func kill(_ attempt: AttemptID) {
        killed.append(attempt)
        if isSlow { return }
        observed[attempt] = .finished(AttemptResult(end: .stopped))
    }

    func collect(_ attempt: AttemptID) { observed[attempt] = nil }
}
