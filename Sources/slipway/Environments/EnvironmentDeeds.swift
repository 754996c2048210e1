import Client

/// What somebody can do next about an environment, each as a line to type.
enum EnvironmentDeeds {
    struct Deed {
        let line: String
        let about: String
    }

    static func all(for shown: EnvironmentDetail) -> [Deed] {
        let name = shown.summary.name
        var deeds: [Deed] = []
        func add(_ words: String, _ about: String) {
            deeds.append(Deed(line: "slipway \(words)", about: about))
        }
        func steer(_ verb: String, _ about: String) { add("environments \(verb) \(name)", about) }
        if let deployment = shown.summary.deployment {
            if deployment.cause == nil {
                let before = deployment.from.map { "back to \($0)" } ?? "take it away again"
                add("rollback \(name)", before)
                if deployment.pausedBy == nil {
                    steer("pause", "stay at this step")
                } else {
                    steer("resume", "go on by itself")
                }
            }
            // One that is paused would stay where it is all the same.
            if deployment.present?.kind == "watch", deployment.pausedBy == nil {
                steer("promote", "wait no longer")
            }
            if deployment.present?.kind == "ask", let execution = shown.deploying?.execution {
                add("approve \(execution)", "let people's requests come to it")
                add("reject \(execution)", "turn it back")
            }
            if let hook = deployment.hook { add("logs \(hook) -f", "what the hook prints") }
        } else if let before = shown.releases.first(where: { $0.since != nil }) {
            add("rollback \(name)", "back to \(before.release)")
        }
        if shown.summary.frozen != nil, !shown.queue.isEmpty {
            add("environments thaw \(name) --reason …", "let what waits begin all the same")
        }
        if shown.summary.lock != nil {
            steer("unlock", "let deployments go on")
        } else if shown.summary.release != nil {
            add("environments lock \(name) --reason …", "nothing new for now")
        }
        let ill = shown.instances.first { $0.condition == "unhealthy" } ?? shown.instances.last
        if let ill { add("environments logs \(name) \(ill.instance)", "what it has printed") }
        return deeds
    }
}

extension EnvironmentDetail {
    /// What is being deployed, as history has it.
    fileprivate var deploying: PastDeploymentWords? {
        history.first { $0.release == summary.deployment?.release && $0.ended == nil }
    }
}
