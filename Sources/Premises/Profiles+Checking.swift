package import Engine
package import Pipelines

extension Profiles {
    /// Those that a definition needs, the machine's own first, or what keeps one of its actions
    /// from running here. An image that is made on the way is told of when it is there.
    package func needed(by definition: Definition) throws(Refusal) -> [RunnerProfile] {
        var profiles = [try own()]
        for stage in definition.stages {
            for action in stage.actions {
                guard case .runner(let name, _) = action.work.needs else { continue }
                let subject = "\(stage.name)/\(action.name)"
                guard name != .deployments else {
                    throw Refusal(
                        .invalid, "\(subject) deploys, and what is deployed outlives this command",
                        hint: "run the pipeline on a server: see `slipway help server`")
                }
                let known = profiles.first { $0.name == name }
                let found: RunnerProfile? = if let known { known } else { try named(name) }
                guard let profile = found else {
                    throw Refusal(
                        .invalid, "\(subject) wants runner '\(name)', which is not here",
                        hint: "write its profile, '\(place(of: name))', or run it on "
                            + "'process' or 'docker'")
                }
                if known == nil { profiles.append(profile) }
                guard let run = action.work as? Run else { continue }
                do throws(RunnerRefusal) {
                    try profile.take(run)
                } catch {
                    throw Refusal(
                        .invalid, "\(subject) cannot run: \(error)",
                        hint: "mend it, then run it again")
                }
            }
        }
        return profiles
    }
}
