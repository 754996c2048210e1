package import Attempts
package import Conductor
package import Deployment
package import Engine
package import Pipelines
import Vault

/// All that the handlers ask of the rest of the house.
package struct Surroundings: Sendable {
    package let desk: any Desk
    /// The house's folder.
    package let home: String
    /// Where an attempt's log and test report are.
    package let folder: @Sendable (AttemptID) -> AttemptFolder
    package let shipping: any Shipping
    package let hooks: any Hooks
    package let definitions: any DefinitionNews
    /// The repositories that are watched now.
    let remotes: @Sendable () -> [WatchedRemote]
    let watched: @Sendable () -> WatchFigures?
    let estate: @Sendable () -> SeenEstate
    package let settings: Settings
    let vault: Vault?
    let uses: TokenUses
    let random: @Sendable (Int) -> [UInt8]?
    let gatekeeper: any Gatekeeper
    let feed: Feed
    let meter: Meter
    let pulse: Pulse
    let folders: FolderWatch

    /// What whoever hosts the server has chosen.
    package struct Settings: Sendable {
        /// Time zones that definitions may name; nothing if any name will do.
        package var zones: Set<String>?
        /// The runners that are here; nothing if that is not known.
        package var profiles: [RunnerProfile]?
        /// Pipelines whose badge anybody may see.
        package var publicBadges: [Glob] = []
        package var limits = RateLimits()
        /// What a definition may not reach, where it says so.
        package var objections: @Sendable (Definition) -> [Diagnostic] = { _ in [] }

        package init() {}
    }
}

/// What was last seen of all that is deployed.
package struct SeenEstate: Sendable {
    let facts: [EnvironmentName: SiteFacts]
    let figures: [EnvironmentName: [RoleName: [ReleaseID: TrafficFigures]]]
    /// Why nobody is let in.
    let trouble: String?

    package init(
        _ facts: [EnvironmentName: SiteFacts] = [:],
        figures: [EnvironmentName: [RoleName: [ReleaseID: TrafficFigures]]] = [:],
        trouble: String? = nil
    ) {
        self.facts = facts
        self.figures = figures
        self.trouble = trouble
    }
}

/// What lies between two revisions, and what a revision is: known to whoever reads repositories.
/// Asked on a thread that may wait for the disk.
package protocol Shipping: Sendable {
    /// What `to` has and `from` has not, the newest first; nothing if that cannot be told.
    func commits(from: String, to: String, of source: Source) -> Shipment?

    /// The revision that somebody means by a commit, or by an image's digest or tag, with its
    /// authors: four eyes have to know them.
    func revision(
        _ commit: String, at ref: String?, of source: Source, in pipeline: PipelineState
    ) throws(Refusal) -> Revision
}

package struct Shipment: Hashable, Sendable {
    package let commits: [Commit]
    /// There are more than are told.
    package let isCut: Bool
    /// The first of the files that differ.
    package let files: [String]

    package init(_ commits: [Commit], isCut: Bool, files: [String] = []) {
        self.commits = commits
        self.isCut = isCut
        self.files = files
    }

    package struct Commit: Hashable, Sendable {
        package let id: String
        /// The first line of its message.
        package let subject: String
        package let author: String
        /// Milliseconds since 1970.
        package let time: Int

        package init(id: String, subject: String, author: String, time: Int) {
            self.id = id
            self.subject = subject
            self.author = author
            self.time = time
        }
    }
}

/// Knows of a repository only what the house has seen of it.
package struct SeenAlone: Shipping {
    package init() {}

    package func commits(from: String, to: String, of source: Source) -> Shipment? {
        from == to ? Shipment([], isCut: false) : nil
    }

    package func revision(
        _ commit: String, at ref: String?, of source: Source, in pipeline: PipelineState
    ) throws(Refusal) -> Revision {
        if let image = source.image {
            return try ImageChoice.find(commit, of: source.name, image, in: pipeline)
        }
        let seen = pipeline.executions.reversed().flatMap(\.revisions)
        let latest = [pipeline.sources[source.name]?.latest].compactMap(\.self)
        let found = (latest + seen).first { revision in
            revision.source == source.name && revision.commit == commit
                && (ref == nil || revision.ref == ref)
        }
        guard let found else {
            throw Refusal(
                .invalid, "commit '\(Report.visible(commit))' of '\(source.name)' was never seen",
                hint: "push it, or give one that an execution has carried")
        }
        return found
    }
}
