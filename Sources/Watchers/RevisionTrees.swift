package import Couriers
import Cryptography
package import Git
import Glibc
import SmallFiles
package import Sources
import Synchronization

/// The files of revisions that were fetched: from a commit alone it finds the mirror that has it,
/// and has the files written out when somebody first wants them.
package final class RevisionTrees: Sendable {
    private let trees: SourceTrees
    package let couriers: CourierPool
    /// Of each commit a link to its mirror, and one to its files.
    private let origins: String
    private let files: String
    private let mirrors: String
    private let boot: String
    private let warn: @Sendable (_ commit: String, _ warnings: [String]) -> Void
    /// What remotes are shown, and which may be reached: submodules come from there.
    private let show: @Sendable (RemoteAddress) -> Access
    private let policy: @Sendable (RemoteAddress) -> FetchPolicy
    /// Beside each mirror a file says where it comes from.
    private static let noteEnd = ".address"
    /// Two that want the same files have them written once.
    private let writing: [Turn]

    private final class Turn: Sendable {
        let lock = Mutex(())
    }

    /// Makes the folders in `home` if they are not there. `boot` names this start of the machine;
    /// `warn` is told what people should know of files that were written out.
    package init(
        at home: String, boot: String, couriers: CourierPool,
        policy: @escaping @Sendable (RemoteAddress) -> FetchPolicy = { _ in FetchPolicy() },
        access: @escaping @Sendable (RemoteAddress) -> Access = { _ in Access() },
        warn: @escaping @Sendable (_ commit: String, _ warnings: [String]) -> Void = { _, _ in }
    ) throws(SourceError) {
        self.warn = warn
        self.policy = policy
        show = access
        trees = try SourceTrees(at: "\(home)/sources", .open, boot: boot)
        self.boot = boot
        self.couriers = couriers
        origins = "\(home)/sources/origins"
        files = "\(home)/sources/revisions"
        mirrors = "\(home)/mirrors"
        writing = (0..<16).map { _ in Turn() }
        for path in [origins, files, mirrors] {
            if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
                throw SourceError(
                    "make folder '\(path)'", problem: unsafe String(cString: strerror(errno)),
                    hint: "the user that runs Slipway has to be allowed to")
            }
        }
    }

    /// Where a remote's mirror is.
    package func mirror(of address: RemoteAddress) -> String {
        "\(mirrors)/\(SHA256.hex(of: Array(address.description.utf8)))"
    }

    /// Remembers which mirror has a commit.
    package func note(_ commit: String, from address: RemoteAddress) throws(GitError) {
        guard ObjectID(commit) != nil else { return }
        let mirror = mirror(of: address)
        let note = mirror + Self.noteEnd
        if unsafe access(note, F_OK) != 0 {
            do throws(FileProblem) {
                let part = SmallFile.aside(note)
                try SmallFile.make(part, of: Array(address.description.utf8), mode: 0o644)
                _ = unsafe rename(part, note)
            } catch {
                throw GitError(
                    .file, "write '\(note)'", problem: error.description,
                    hint: "the user that runs Slipway has to be allowed to")
            }
        }
        try link("\(origins)/\(commit)", to: mirror)
    }

    /// A folder with exactly the commit's files, which nobody changes. It may take as long as
    /// writing them does.
    package func folder(of commit: String) throws(GitError) -> String {
        guard let id = ObjectID(commit) else { throw Self.unknown(commit) }
        let link = "\(files)/\(commit)"
        if let known = target(link), trees.isWhole(known) { return known }
        let turn = writing[abs(commit.hashValue % writing.count)]
        let result: Result<String, GitError> = turn.lock.withLock { _ in
            do throws(GitError) {
                if let known = target(link), trees.isWhole(known) { return .success(known) }
                return .success(try write(id, link))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func write(_ id: ObjectID, _ link: String) throws(GitError) -> String {
        guard let mirror = target("\(origins)/\(id)"),
            let text = try? SmallFile.text(of: mirror + Self.noteEnd)
        else { throw Self.unknown(id.description) }
        let address = try RemoteAddress(parsing: text)
        let job = CourierJob.Writing(
            mirror: mirror, commit: id, trees: trees.folder, boot: boot, from: address,
            show(address), policy(address), submodules: "\(mirrors)/submodules")
        let answer = try couriers.lend { courier throws(GitError) in try courier.ask(.write(job)) }
        guard case .tree(let path, let warnings) = answer else {
            throw Self.unknown(id.description)
        }
        if !warnings.isEmpty { warn(id.description, warnings) }
        try self.link(link, to: path)
        return path
    }

    private static func unknown(_ commit: String) -> GitError {
        GitError(
            .missingObject, "find the files of \(RawName(commit))",
            problem: "no watched source has brought this commit",
            hint: "push it to a branch or tag that the pipeline watches, and start it then")
    }

    /// Takes away the files of commits that nobody needs, but for trees that are in use by their
    /// keys; the next sweep removes them. Mirrors stay. Returns how many trees went. `grace` spares
    /// commits that were fetched so lately that nobody may have told of them yet.
    package func retire(
        keeping needed: Set<String>, inUse keys: Set<String>, sparing grace: Duration = .zero
    ) throws(SourceError) -> Int {
        var kept = keys
        let commits = needed.union(newcomers(since: Self.now - Int(grace.components.seconds)))
        for name in SmallFile.names(in: files) {
            let link = "\(files)/\(name)"
            if commits.contains(name), let path = target(link) {
                kept.insert(path.split(separator: "/").dropLast().last.map { String($0) } ?? "")
            } else {
                _ = unsafe unlink(link)
            }
        }
        for name in SmallFile.names(in: origins) where !commits.contains(name) {
            _ = unsafe unlink("\(origins)/\(name)")
        }
        return try trees.retire(keeping: kept)
    }

    /// Commits that were noted after a time.
    private func newcomers(since time: Int) -> [String] {
        SmallFile.names(in: origins).filter { name in
            var status = stat()
            return unsafe lstat("\(origins)/\(name)", &status) == 0
                && status.st_mtim.tv_sec > time
        }
    }

    private static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec
    }

    /// The commits that somebody may still want of a mirror, whatever became of their refs: those
    /// of executions on the record, and what was seen last.
    func commits(in mirror: String) -> [ObjectID] {
        SmallFile.names(in: origins).filter { target("\(origins)/\($0)") == mirror }
            .compactMap { ObjectID($0) }
    }

    /// Ends what is being written. Nothing is written from now on.
    package func stop() { couriers.close() }

    /// Lets couriers go that have nothing to do.
    package func rest() { couriers.rest() }

    package func sweep() throws(SourceError) { try trees.sweep() }

    private func link(_ path: String, to target: String) throws(GitError) {
        if self.target(path) == target { return }
        do throws(FileProblem) {
            try SmallFile.link(path, to: target)
        } catch {
            throw GitError(
                .file, "make the link '\(path)'", problem: error.description,
                hint: "the user that runs Slipway has to be allowed to")
        }
    }

    private func target(_ link: String) -> String? { GitFolder.real(link) }
}
