import Couriers
import Engine
import Git
import Pipelines
import Watching

/// The sources that come from one place, which is looked at once for all of them.
struct RemoteSources {
    let place: WatchedPlace
    private(set) var sources: [WatchedSource]

    /// By their addresses; those that cannot be watched, or may not be, are told of.
    static func sort(_ sources: [WatchedSource], _ ties: WatcherTies) -> [RemoteSources] {
        var sorted: [String: RemoteSources] = [:]
        for source in sources {
            do throws(GitError) {
                let place = try WatchedPlace(source.source)
                if case .git(let address) = place {
                    try FetchPolicy(folders: ties.folders(source)).check(address)
                }
                sorted[place.description, default: RemoteSources(place: place, sources: [])]
                    .sources.append(source)
            } catch {
                ties.tell(.unusable(.init(source), error))
            }
        }
        return sorted.values.map { remote in
            let (together, apart) = WatchedSource.sharingCredential(remote.sources)
            for source in apart {
                ties.tell(.unusable(.init(source), otherCredential(remote.place)))
            }
            return RemoteSources(place: remote.place, sources: together)
        }
    }

    private static func otherCredential(_ place: WatchedPlace) -> GitError {
        GitError(
            .unauthorized, "look at '\(place)'",
            problem: "another source shows a credential there, which this one does not name",
            hint: "name the same credential in all definitions that use this repository")
    }
}
