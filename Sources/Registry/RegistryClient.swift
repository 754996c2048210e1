import Images

/// A registry that is spoken with by one thread.
package final class RegistryClient {
    let profile: RegistryRoute
    let clock: RegistryClock
    let stop: StopSignal

    /// `stop` ends whatever is under way at once.
    package init(
        _ profile: RegistryRoute, clock: RegistryClock = .real, stop: StopSignal
    ) {
        self.profile = profile
        self.clock = clock
        self.stop = stop
    }

    func converse(
        over repository: Repository, _ rights: String, reading others: [Repository] = []
    ) throws(RegistryProblem) -> Conversation {
        guard repository.host == profile.host else {
            throw RegistryProblem(
                .unsafe, "'\(repository)' is not at the registry \(profile.host)",
                hint: "name the repository with the host that its profile has")
        }
        let scopes =
            ["repository:\(repository.path):\(rights)"]
            + others.map { "repository:\($0.path):pull" }
        return try Conversation(profile, scopes: scopes, clock: clock, stop: stop)
    }

    /// A repository's own place, to which its parts are added.
    func place(_ repository: Repository) -> WebPlace {
        profile.root.at("/v2/\(repository.path)/")
    }

    var persistence: Persistence { profile.persistence }
}
