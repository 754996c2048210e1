import Artifacts
import Attempts
import Commands
import Glibc
import Sandbox
import Supervising

/// The layers that earlier builds of the same kind have left. They are lent for as long as the
/// build runs, and given back when it has ended by itself, well or not.
struct BuildCache: ~Copyable {
    private let shelf: BuildShelf
    private let loan: BuildShelf.Loan
    private let store: String

    /// Puts them where the build will look; nothing where it begins without and can keep none.
    static func borrow(
        _ cache: BuildCacheSpec?, in folder: AttemptFolder, by users: BuildUsers, slot: Int?,
        say: (String) -> Void
    ) throws -> BuildCache? {
        guard let cache else { return nil }
        guard unsafe mkdir(folder.workspace, 0o755) == 0 || errno == EEXIST else {
            throw Unshippable(
                "cannot make '\(folder.workspace)': \(unsafe String(cString: strerror(errno)))",
                hint: "make room on the disk")
        }
        let shelf = BuildShelf(at: cache.shelf, room: cache.room)
        let store = "\(folder.workspace)/\(BuildahScript.store)"
        guard
            let loan = try shelf.borrow(
                cache.name, of: "\(slot ?? Int(getuid())) \(users.mark)", to: store)
        else {
            say("another build of the same has the layers of earlier ones; this one begins anew")
            return nil
        }
        if loan.isFilled { say("takes over layers of earlier builds where nothing has changed") }
        return BuildCache(shelf: shelf, loan: loan, store: store)
    }

    private init(shelf: BuildShelf, loan: consuming BuildShelf.Loan, store: String) {
        self.shelf = shelf
        self.loan = loan
        self.store = store
    }

    /// Nothing of it is needed, so that what hinders it is said and no failure.
    consuming func giveBack(say: (String) -> Void) {
        let use = DiskUse.of(store, bytesAtMost: .max)
        // What is not counted cannot be bounded.
        guard !use.isTooDeep else { return }
        do throws(ArtifactError) {
            try shelf.giveBack(loan, from: store, bytes: use.bytes)
        } catch {
            say("its layers are not kept for the next build: \(error)")
        }
    }
}

extension BuildUsers {
    /// Whoever has other users cannot use what these have left.
    fileprivate var mark: String {
        switch self {
        case .range(let users, let groups): "\(users.first) \(groups.first)"
        case .none: "alone"
        }
    }
}
