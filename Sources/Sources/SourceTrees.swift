import CSystem
import Git
import Glibc

/// Where the files of sources lie for executions to use: one folder for each content, made once and
/// shared. What is in its place is whole and never changed; everything is made aside and renamed.
/// Several processes may use one cache at once.
///
/// Where trees can be made again at any time, nothing waits for the disk: each is noted with the
/// start of the machine that it was made in, and in another one it is made anew.
package struct SourceTrees: Sendable {
    /// Whether the trees can be written by who owns them. Nobody should; but what is laid over a
    /// tree shows its modes, and whoever builds there wants to write.
    package enum Protection: String, Sendable {
        case sealed, open

        var modes: TreeModes { self == .sealed ? .sealed : .open }
    }

    package struct Tree: Hashable, Sendable {
        package let path: String
        package let warnings: [SourceWarning]
    }

    package let folder: String
    package let protection: Protection
    /// This start of the machine; nothing where trees have to outlive it.
    let boot: String?

    /// Whole trees, each in a folder by its key.
    var shelf: String { "\(folder)/\(protection.rawValue)" }
    /// Where trees are made. Left over from a crash they are of no use.
    var making: String { "\(folder)/making" }
    /// What is on its way out.
    var discarded: String { "\(folder)/discarded" }
    /// Held shared by who makes a tree, and alone by who throws things away.
    var lock: String { "\(folder)/lock" }

    /// Makes the folder if it is not there.
    package init(
        at folder: String, _ protection: Protection = .sealed, boot: String? = nil
    ) throws(SourceError) {
        self.folder = folder
        self.boot = boot
        self.protection = protection
        for path in [folder, shelf, making, discarded] {
            if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
                throw Self.failure("make folder '\(path)'")
            }
        }
    }

    /// The folder with exactly this version's files; they are written out if they are not there.
    package func tree(for revision: SourceRevision) throws(SourceError) -> Tree {
        try tree(for: revision, submodules: CheckedOutSubmodules())
    }

    /// The same, with the submodules from wherever they are found.
    package func tree(
        for revision: SourceRevision, submodules finder: any SubmoduleFinder
    ) throws(SourceError) -> Tree {
        if let tree = existing(revision) { return tree }
        return try holding(LOCK_SH) { () throws(SourceError) in try make(revision, finder) }
    }

    private func make(
        _ revision: SourceRevision, _ finder: any SubmoduleFinder
    ) throws(SourceError) -> Tree {
        let aside = try makeAside()
        do throws(SourceError) {
            let warnings = try TreeMaker(revision, protection.modes, finder)
                .make(in: "\(aside)/tree")
            try finish(aside, warnings)
        } catch {
            try? remove(aside)
            throw error
        }
        discardEarlier(revision.key)
        try shelve(aside, revision.key)
        guard let tree = existing(revision) else {
            throw SourceError(
                "use '\(shelf)/\(revision.key)'", problem: "it was removed meanwhile",
                hint: "run it again, and let nobody clean the cache at the same time")
        }
        return tree
    }

    private func existing(_ revision: SourceRevision) -> Tree? {
        let place = "\(shelf)/\(revision.key)"
        guard unsafe access(place, F_OK) == 0, isOfThisStart(place) else { return nil }
        let text = (try? Self.text(of: "\(place)/warnings")) ?? ""
        let kept = text.split(separator: "\n").compactMap { SourceWarning(line: $0) }
        let known = Set(revision.warnings)
        return Tree(
            path: "\(place)/tree", warnings: revision.warnings + kept.filter { !known.contains($0) }
        )
    }

    /// Whether a tree, by its path, can be used as it is.
    package func isWhole(_ path: String) -> Bool {
        guard path.hasSuffix("/tree") else { return false }
        let place = String(path.dropLast("/tree".count))
        return unsafe access(path, F_OK) == 0 && isOfThisStart(place)
    }

    private func isOfThisStart(_ place: String) -> Bool {
        guard let boot else { return true }
        return (try? Self.text(of: "\(place)/boot")) == boot
    }

    /// One that was made before the machine's last start may not be whole.
    private func discardEarlier(_ key: String) {
        let place = "\(shelf)/\(key)"
        guard unsafe access(place, F_OK) == 0, !isOfThisStart(place) else { return }
        try? discard(RawName(key), of: shelf)
    }

    private func makeAside() throws(SourceError) -> String {
        var template = RawName("\(making)/XXXXXX").characters
        guard unsafe mkdtemp(&template) != nil else {
            throw Self.failure("make a folder in '\(making)'")
        }
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard unsafe mkdir("\(path)/tree", 0o700) == 0 else {
            throw Self.failure("make folder '\(path)/tree'")
        }
        return path
    }

    /// Writes down what there is to warn of. What has to outlive the machine's start waits until
    /// all is on the disk: after a power failure, what is in its place has to be whole too.
    private func finish(_ aside: String, _ warnings: [SourceWarning]) throws(SourceError) {
        try reading { () throws(GitError) in
            let folder = try OpenFolder.open(aside)
            if !warnings.isEmpty {
                let text = warnings.map { $0.line + "\n" }.joined()
                try folder.makeFile(RawName("warnings"), mode: 0o644, Array(text.utf8))
            }
            try folder.setMode(0o755)
            if let boot {
                try folder.makeFile(RawName("boot"), mode: 0o644, Array(boot.utf8))
                return
            }
            guard syncfs(folder.descriptor) == 0 else {
                throw folder.failure("sync", RawName([]))
            }
        }
    }

    /// Who comes second finds the place taken by the same files, and throws its own away.
    private func shelve(_ aside: String, _ key: String) throws(SourceError) {
        guard unsafe rename(aside, "\(shelf)/\(key)") != 0 else {
            if boot != nil { return }
            return try reading { () throws(GitError) in
                let shelf = try OpenFolder.open(shelf)
                guard fsync(shelf.descriptor) == 0 else { throw shelf.failure("sync", RawName([])) }
            }
        }
        guard errno == ENOTEMPTY || errno == EEXIST else {
            throw Self.failure("rename '\(aside)' to '\(shelf)/\(key)'")
        }
        try remove(aside)
    }

    func holding<Result>(
        _ kind: Int32, _ body: () throws(SourceError) -> Result
    ) throws(SourceError) -> Result {
        let descriptor = unsafe open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("open '\(lock)'") }
        let file = OpenFile(descriptor)
        while flock(descriptor, kind) != 0 {
            guard errno == EINTR else { throw Self.failure("lock '\(lock)'") }
        }
        let result = try body()
        flock(file.descriptor, LOCK_UN)
        return result
    }

    func remove(_ path: String) throws(SourceError) {
        let name = RawName(path).components.last ?? RawName([])
        let above = path.utf8.dropLast(name.bytes.count)
        try reading { () throws(GitError) in
            try OpenFolder.open(String(decoding: above, as: UTF8.self)).remove(name)
        }
    }

    static func text(of path: String) throws(SourceError) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read '\(path)'") }
        let file = OpenFile(descriptor)
        var bytes: [UInt8] = []
        while true {
            let more = try reading { () throws(GitError) in try file.read(upTo: 1 << 16) }
            if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += more
        }
    }

    static func failure(_ operation: String) -> SourceError {
        SourceError(GitError.kernel(operation))
    }
}
