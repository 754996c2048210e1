import Cryptography
import Git
import Glibc
import Sources
import Synchronization

/// Submodules of what was fetched: each is fetched too, from where its parent says, into a mirror
/// that only couriers with its lock use.
struct MirroredSubmodules: SubmoduleFinder {
    private let mirrors: String
    private let access: Access
    private let policy: FetchPolicy
    private let root: RemoteAddress
    private let notice: () -> Void
    /// The addresses of the mirrors that were opened, by their folders.
    private let known: Known

    private final class Known: Sendable {
        let addresses = Mutex<[String: RemoteAddress]>([:])
    }

    init(_ writing: CourierJob.Writing, notice: @escaping () -> Void) {
        mirrors = writing.submodules
        access = writing.access
        policy = writing.policy
        root = writing.address
        self.notice = notice
        known = Known()
    }

    func open(
        _ submodule: Submodule, of folder: String, tree: ObjectID
    ) throws(SourceError) -> Repository {
        do throws(GitError) {
            let parent = known.addresses.withLock { $0[folder] } ?? root
            let list = try Repository.open(at: folder).modules(of: tree)
            guard let text = list.address(of: submodule.path) else {
                throw GitError(
                    .address, "use submodule '\(submodule.path)' of '\(parent)'",
                    problem: "'.gitmodules' does not tell its address",
                    hint: "commit what 'git submodule add' writes")
            }
            let address = try parent.submodule(text)
            try policy.check(address)
            let opened = try fetch(address, submodule)
            known.addresses.withLock { $0[opened.folder] = address }
            return opened
        } catch {
            throw SourceError(error.operation, problem: error.problem, hint: error.hint)
        }
    }

    private func fetch(
        _ address: RemoteAddress, _ submodule: Submodule
    ) throws(GitError) -> Repository {
        let path = "\(mirrors)/\(SHA256.hex(of: Array(address.description.utf8)))"
        if unsafe mkdir(mirrors, 0o755) != 0, errno != EEXIST {
            throw GitError.kernel("make folder '\(mirrors)'")
        }
        let lock = unsafe Glibc.open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw GitError.kernel("open '\(path).lock'") }
        // Its closing is what opens the lock again.
        let held = OpenFile(lock)
        while flock(held.descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw GitError.kernel("lock '\(path).lock'") }
        }
        try Mirror.sweep(path)
        let mirror = try Mirror.open(path)
        if mirror.contains(submodule.commit) { return mirror }
        // What opens one host's door is not shown to another.
        let shown =
            address.isSamePlace(as: root)
            ? access : Access(authorities: access.authorities, knownHosts: access.knownHosts)
        let remote = try Remote.connect(to: address, shown, for: mirror, notice: notice)
        try remote.fetch(try remote.refs().refs.map(\.name))
        guard mirror.contains(submodule.commit) else {
            throw GitError(
                .missingObject, "use submodule '\(submodule.path)' at \(submodule.commit)",
                problem: "no branch or tag of '\(address)' has that commit",
                hint: "push it there, or commit another one in its parent")
        }
        return mirror
    }
}
