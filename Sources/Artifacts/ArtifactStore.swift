import Cryptography
import Glibc
import Synchronization

/// Trees of files by the digest of what they hold. A tree that is there is whole, and is never
/// changed.
///
/// Nothing waits for the disk: what was kept is noted with the start of the machine that it was
/// kept in, and in another one it is read and compared before it is used again.
package struct ArtifactStore: Sendable {
    private static let counter = Atomic<Int>(0)

    private let path: String
    private let boot: String

    /// Makes the folder if it is not there. `boot` names this start of the machine.
    package init(at path: String, boot: String) throws(ArtifactError) {
        self.path = path
        self.boot = boot
        for folder in [path, "\(path)/trees", "\(path)/staging", "\(path)/trash"] {
            guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw .system("make '\(folder)'")
            }
        }
    }

    /// A folder with the files of an artifact.
    package func folder(of digest: String) throws(ArtifactError) -> String {
        guard let note = TreeNote.read(in: "\(path)/trees/\(digest)") else {
            throw ArtifactError("the artifact \(digest.prefix(12)) is not here any more")
        }
        if note.boot != boot { try verify(digest) }
        return "\(path)/trees/\(digest)/tree"
    }

    /// How many bytes it holds; nothing if it is not here.
    package func size(of digest: String) -> Int? {
        TreeNote.read(in: "\(path)/trees/\(digest)")?.size
    }

    /// Reads all of an artifact. One that is not what it was is removed.
    package func verify(_ digest: String) throws(ArtifactError) {
        let name = EntryName(digest)
        let trees = try OpenFolder.at("\(path)/trees")
        guard let folder = trees.folder(name), let tree = folder.folder(TreeNote.tree),
            let manifest = try? Manifest.of(tree, output: digest, settling: .nothing),
            manifest.digest == digest
        else {
            remove(name, in: trees)
            throw ArtifactError(
                "the artifact \(digest.prefix(12)) was damaged, as happens when a machine loses "
                    + "its power: run the action again that makes it")
        }
        try TreeNote(boot: boot, size: manifest.size).write(in: folder)
    }

    /// Takes a path out of a workspace in which nobody writes any more, and tells its digest.
    /// `workspace` is what was written over `layers`, the topmost first. With `keepsPath` the tree
    /// has the same path in it, so that it can be laid over another workspace.
    package func collect(
        _ output: String, from workspace: String, over layers: [String], keepsPath: Bool = false
    ) throws(ArtifactError) -> String {
        var lowers: [OpenFolder] = []
        for layer in layers { lowers.append(try OpenFolder.at(layer)) }
        let view = LayeredView(upper: try OpenFolder.at(workspace), lowers: lowers)
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let name = EntryName("\(getpid())-\(number)")
        let staging = try OpenFolder.at("\(path)/staging")
        let folder = try staging.make(name)
        do throws(ArtifactError) {
            let gathering = Gathering(view: view, path: output)
            if keepsPath {
                try gathering.gather(below: try folder.make(TreeNote.tree))
            } else {
                try gathering.gather(into: folder, as: TreeNote.tree)
            }
            guard let tree = folder.folder(TreeNote.tree) else { throw .system("open a tree") }
            _ = fchmod(tree.descriptor, 0o755)
            if case .all(let user, let group) = settling {
                _ = fchown(tree.descriptor, user, group)
            }
            let manifest = try Manifest.of(tree, output: output, settling: settling)
            try TreeNote(boot: boot, size: manifest.size).write(in: folder)
            return try publish(name, in: staging, manifest.digest)
        } catch {
            remove(name, in: staging)
            throw error
        }
    }

    /// Removes a folder that is not the store's, with whatever its users made of it.
    package func discard(_ folder: String) {
        guard let slash = folder.lastIndex(of: "/"),
            let parent = try? OpenFolder.at(String(folder[..<slash]))
        else { return }
        remove(EntryName(String(folder[folder.index(after: slash)...])), in: parent)
    }

    /// The same by who rules those that it belongs to, and has no store but a folder beside it.
    package static func remove(_ folder: String, trash: String) throws(ArtifactError) {
        guard let slash = folder.lastIndex(of: "/") else { return }
        let parent = try OpenFolder.at(String(folder[..<slash]))
        let name = EntryName(String(folder[folder.index(after: slash)...]))
        Removal.remove(name, in: parent, trash: try OpenFolder.at(trash))
    }

    /// Puts the artifacts that are not named where the next sweep finds them; how many those were.
    /// Those that were made or found again less than `grace` ago stay: whoever made them may not
    /// have told anybody yet.
    package func retire(
        keeping kept: Set<String>, sparing grace: Duration = .zero
    ) throws(ArtifactError) -> Int {
        let trees = try OpenFolder.at("\(path)/trees")
        let trash = try OpenFolder.at("\(path)/trash")
        let youngest = Self.now - Int(grace.components.seconds)
        var count = 0
        for name in try trees.names() where !kept.contains(name.shown) {
            guard isOld(name, in: trees, youngest) else { continue }
            count += 1
            guard trees.move(name, to: trash, as: name) else {
                // It was retired before, and came again.
                Removal.remove(name, in: trees, trash: trash, inPlace: false)
                continue
            }
            // Found again just before it was taken away.
            if !isOld(name, in: trash, youngest), trash.move(name, to: trees, as: name) {
                count -= 1
            }
        }
        return count
    }

    private func isOld(_ name: EntryName, in folder: OpenFolder, _ youngest: Int) -> Bool {
        folder.status(name).map { $0.st_mtim.tv_sec <= youngest } ?? false
    }

    private static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec
    }

    /// Removes what was retired, and what other processes left half done: none of them may be at
    /// work any more.
    package func sweep() {
        guard let trash = try? OpenFolder.at("\(path)/trash"),
            let staging = try? OpenFolder.at("\(path)/staging")
        else { return }
        let own = Array("\(getpid())-".utf8)
        for name in (try? staging.names()) ?? [] where !name.bytes.starts(with: own) {
            remove(name, in: staging)
        }
        for name in (try? trash.names()) ?? [] where !name.bytes.starts(with: own) {
            Removal.finish(name, in: trash)
        }
    }

    /// The artifacts there are.
    package func digests() throws(ArtifactError) -> [String] {
        try OpenFolder.at("\(path)/trees").names().map(\.shown)
    }

    private var settling: Settling { geteuid() == 0 ? .all(getuid(), getgid()) : .modes }

    /// The same content twice is one tree; the one that was there first stays.
    private func publish(
        _ name: EntryName, in staging: OpenFolder, _ digest: String
    ) throws(ArtifactError) -> String {
        let trees = try OpenFolder.at("\(path)/trees")
        if staging.move(name, to: trees, as: EntryName(digest)) { return digest }
        guard errno == EEXIST || errno == ENOTEMPTY else { throw .system("keep an artifact") }
        // It is used from now on, so it had better be whole.
        if TreeNote.read(in: "\(path)/trees/\(digest)")?.boot != boot {
            remove(EntryName(digest), in: trees)
            return try publish(name, in: staging, digest)
        }
        // Retired a moment ago, it has to be put there anew.
        guard trees.touch(EntryName(digest)) else {
            return try publish(name, in: staging, digest)
        }
        remove(name, in: staging)
        return digest
    }

    private func remove(_ name: EntryName, in folder: OpenFolder) {
        guard let trash = try? OpenFolder.at("\(path)/trash") else { return }
        Removal.remove(name, in: folder, trash: trash)
    }
}
