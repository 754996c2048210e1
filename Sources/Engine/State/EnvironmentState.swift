package import Deployment
package import Pipelines

/// An environment: what is there, and how it came there.
package struct EnvironmentState: Hashable, Sendable, Codable {
    /// How many deployments are remembered here; the record has all of them.
    static let kept = 100
    /// How many versions can be put back that were there before.
    static let versionsKept = 20

    /// Whoever deploys here. As long as it is there no other does, so that two do not fight over a
    /// place.
    package internal(set) var owner: PipelineName
    package internal(set) var site = Site()
    /// In the order they were asked for.
    package internal(set) var history: [PastDeployment] = []
    /// The hook that was asked for last, until it is known to have ended.
    package internal(set) var hook: HookAttempt?
    /// What people are asked before the new version gets requests.
    package internal(set) var asking: Asking?
    /// By whom the releases that are known came here, and with which hooks.
    var origins: [ReleaseID: Origin]?

    init(owner: PipelineName) { self.owner = owner }

    /// The release that was there before the one that is there, if it can still be put back.
    package var previous: Release? {
        let were = history.filter { $0.end == .outcome(.succeeded) }.map(\.release)
        return were.last { $0 != site.current && site.releases[$0] != nil }
            .flatMap { site.releases[$0] }
    }

    /// Numbers are not given twice, also of those that are forgotten.
    var lastRelease: Int {
        (history.map(\.release) + site.releases.keys).map(\.number).max() ?? 0
    }

    package func deployment(by attempt: AttemptID) -> PastDeployment? {
        history.last { $0.attempt == attempt }
    }

    /// Where a release came from that may be put back.
    struct Origin: Hashable, Sendable, Codable {
        let attempt: AttemptID
        let work: [Hook: HookWork]
    }
}

/// One deployment, from the wish to its end.
package struct PastDeployment: Hashable, Sendable, Codable {
    package let release: ReleaseID
    package let version: String
    package let strategy: Strategy
    /// The action that asked for it; nothing if a person did so directly.
    package let attempt: AttemptID?
    /// What its hooks are called after: the attempt, or what became of the one by which a release
    /// first came that is put back. Without hooks there need be none.
    let namesake: AttemptID?
    package let by: Who
    package let ordered: Moment
    package internal(set) var begun: Moment?
    package internal(set) var ended: Moment?
    package internal(set) var end: End?

    package enum End: Hashable, Sendable, Codable {
        case outcome(SiteOutcome)
        /// It never began; because it is what is there, or because of something else.
        case dropped(String, isThere: Bool)
    }
}
