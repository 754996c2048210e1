import Couriers
import Engine
import Git
import Pipelines
import Watching

/// The sources that come from one remote, which is looked at once for all of them.
struct RemoteSources {
    let address: RemoteAddress
    private(set) var sources: [WatchedSource]

    /// By their addresses; those that cannot be watched, or may not be, are told of.
    static func sort(_ sources: [WatchedSource], _ ties: WatcherTies) -> [RemoteSources] {
        var sorted: [String: RemoteSources] = [:]
        for source in sources {
            do throws(GitError) {
                let address = try RemoteAddress(parsing: source.source.git)
                try FetchPolicy(folders: ties.folders(source)).check(address)
                sorted[
                    address.description, default: RemoteSources(address: address, sources: [])
                ].sources.append(source)
            } catch {
                ties.tell(.unusable(.init(source), error))
            }
        }
        return sorted.values.map { remote in
            let (together, apart) = WatchedSource.sharingCredential(remote.sources)
            for source in apart {
                ties.tell(.unusable(.init(source), otherCredential(remote.address)))
            }
            return RemoteSources(address: remote.address, sources: together)
        }
    }

    private static func otherCredential(_ address: RemoteAddress) -> GitError {
        GitError(
            .unauthorized, "look at '\(address)'",
            problem: "another source shows a credential there, which this one does not name",
            hint: "name the same credential in all definitions that use this repository")
    }
}
