import Engine
import Git
import Pipelines
import Watching

/// A remote that is watched, and what came of the looks at it.
struct KnownRemote {
    /// Larger lists of refs are not kept between looks.
    private static let maximumKept = 1_000

    let place: WatchedPlace
    var sources: [WatchedSource]
    private(set) var earlier: RemoteView?
    private(set) var seen: Steady?
    private(set) var problem: GitError?
    private(set) var failures = 0

    init(_ place: WatchedPlace, _ sources: [WatchedSource]) {
        self.place = place
        self.sources = sources
    }

    /// Says whether it had failed before.
    mutating func succeed(_ view: RemoteView, at now: Steady) -> Bool {
        defer { failures = 0 }
        if earlier != view {
            earlier = view.commits.count <= Self.maximumKept ? view : nil
        }
        seen = now
        problem = nil
        return failures > 0
    }

    mutating func fail(_ error: GitError) {
        failures += 1
        problem = error
    }

    func status(isHeard: Bool) -> RemoteStatus {
        RemoteStatus(
            remote: place.description, written: Set(sources.map(\.source.address)), seen: seen,
            failures: failures, problem: problem, isHeard: isHeard)
    }
}
