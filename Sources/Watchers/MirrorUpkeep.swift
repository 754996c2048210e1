import Couriers
import Git
import Synchronization

/// Puts the packs of mirrors into one where they have become many. Whoever asks sees to it that
/// nobody fetches into the mirror meanwhile.
final class MirrorUpkeep: Sendable {
    private let trees: RevisionTrees
    private let couriers: CourierPool
    /// Mirrors that could not be packed: they go on as they are, only slower, and are not tried
    /// again by this server.
    private let spared = Mutex<Set<String>>([])

    init(_ trees: RevisionTrees, _ couriers: CourierPool) {
        self.trees = trees
        self.couriers = couriers
    }

    /// What went wrong, if something did.
    func tidy(_ address: RemoteAddress) -> GitError? {
        let mirror = trees.mirror(of: address)
        guard PackTally(of: mirror).isDue, !spared.withLock({ $0.contains(mirror) }) else {
            return nil
        }
        do throws(GitError) {
            let commits = trees.commits(in: mirror)
            _ = try couriers.lend { courier throws(GitError) in
                try courier.ask(.repack(mirror: mirror, keeping: commits))
            }
            return nil
        } catch {
            _ = spared.withLock { $0.insert(mirror) }
            return error
        }
    }
}
