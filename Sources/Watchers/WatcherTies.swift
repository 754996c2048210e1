package import Addresses
package import Couriers
package import Engine
package import Git
package import Pipelines
package import Watching

/// How a watcher works.
package struct WatcherSettings: Sendable {
    package let policy: AddressPolicy
    package let plan: Rota.Plan
    /// Where hooks tell of pushes; nowhere without one.
    package let hookSocket: String?

    package init(
        policy: AddressPolicy = AddressPolicy(), plan: Rota.Plan = Rota.Plan(),
        hookSocket: String? = nil
    ) {
        self.policy = policy
        self.plan = plan
        self.hookSocket = hookSocket
    }
}

/// What a watcher asks of those it works for. All of it is called from threads of the watcher's
/// own, which may be kept waiting.
package struct WatcherTies: Sendable {
    /// What the record knows of a source by now.
    package let cursor: @Sendable (WatchedSource) -> Cursor
    /// What a remote is to be shown for these sources, which come from there.
    package let access: @Sendable (RemoteAddress, [WatchedSource]) -> Access
    /// How a registry is reached, and what it is shown.
    package let door: @Sendable (ImageOrigin) throws(GitError) -> RegistryDoor
    /// Where on this machine a source may come from.
    package let folders: @Sendable (WatchedSource) -> FolderPolicy
    /// Takes sightings in order, and returns when they are on the record and `cursor` knows of
    /// them; false if they could not be taken, so that the look is repeated later.
    package let take: @Sendable ([Sighting]) -> Bool
    /// For people: what goes wrong, and that it does no longer.
    package let tell: @Sendable (WatcherWord) -> Void
    /// For figures: each look that is over.
    package let measure: @Sendable (LookMeasure) -> Void

    package init(
        cursor: @escaping @Sendable (WatchedSource) -> Cursor,
        access: @escaping @Sendable (RemoteAddress, [WatchedSource]) -> Access = { _, _ in
            Access()
        },
        door: @escaping @Sendable (ImageOrigin) throws(GitError) -> RegistryDoor = { _ in
            RegistryDoor()
        },
        folders: @escaping @Sendable (WatchedSource) -> FolderPolicy = { _ in .anywhere },
        take: @escaping @Sendable ([Sighting]) -> Bool,
        tell: @escaping @Sendable (WatcherWord) -> Void = { _ in },
        measure: @escaping @Sendable (LookMeasure) -> Void = { _ in }
    ) {
        self.cursor = cursor
        self.access = access
        self.door = door
        self.folders = folders
        self.take = take
        self.tell = tell
        self.measure = measure
    }
}

extension WatcherTies {
    /// A remote is looked at once for all sources that come from there.
    func policy(for sources: [WatchedSource], _ policy: AddressPolicy) -> FetchPolicy {
        FetchPolicy(policy, folders: .widest(sources.map(folders)))
    }
}

/// What a watcher has to say besides sightings.
package enum WatcherWord: Hashable, Sendable {
    /// A source's address cannot be used as it is written, or may not be.
    case unusable(PipelineSource, GitError)
    /// A look has failed, for the so-manieth time on end.
    case failed(remote: String, GitError, times: Int)
    case recovered(remote: String)
    /// Its mirror could not be packed anew.
    case untidy(remote: String, GitError)

    package struct PipelineSource: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        init(_ source: WatchedSource) {
            description = "\(source.pipeline)/\(source.source.name)"
        }
    }
}

/// How long a look was waited for, and how long it took.
package struct LookMeasure: Hashable, Sendable {
    package let outcome: Rota.Outcome
    /// From when it was due until it began.
    package let lag: Duration
    package let time: Duration
    /// From when it was due until what it brought was taken; nothing if nothing was to start.
    package let delay: Duration?

    init(
        _ errand: Rota.Errand, _ outcome: Rota.Outcome, from start: Steady, to end: Steady,
        bringing sightings: [Sighting]
    ) {
        self.outcome = outcome
        // One that goes along on a round may come before its time.
        lag = max(.zero, start - errand.due)
        time = end - start
        let starts = sightings.contains { $0.revision != nil && $0.note == nil }
        delay = starts ? end - errand.due : nil
    }
}

/// How it stands with a remote.
package struct RemoteStatus: Hashable, Sendable {
    package let remote: String
    /// Its address as the sources have it that come from it.
    package let written: Set<String>
    /// On the steady clock, when it was last seen; nothing if it never was.
    package let seen: Steady?
    package let failures: Int
    package let problem: GitError?
    /// Pushes to it are told of, by files or hooks.
    package let isHeard: Bool
}
