import Cryptography
import Glibc
import Synchronization

/// Trees of files by the digest of what they hold. A tree that is there is whole, and is never
/// changed.
package struct ArtifactStore: Sendable {
    private static let counter = Atomic<Int>(0)

    private let path: String

    /// Makes the folder if it is not there.
    package init(at path: String) throws(ArtifactError) {
        self.path = path
        for folder in [path, "\(path)/trees", "\(path)/staging", "\(path)/trash"] {
            guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw .system("make '\(folder)'")
            }
        }
    }

    /// A folder with the files of an artifact.
    package func folder(of digest: String) throws(ArtifactError) -> String {
        let folder = "\(path)/trees/\(digest)/tree"
        guard unsafe access(folder, F_OK) == 0 else {
            throw ArtifactError("the artifact \(digest.prefix(12)) is not here any more")
        }
        return folder
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
                try gathering.gather(below: try folder.make(EntryName("tree")))
            } else {
                try gathering.gather(into: folder, as: EntryName("tree"))
            }
            guard let tree = folder.folder(EntryName("tree")) else { throw .system("open a tree") }
            _ = fchmod(tree.descriptor, 0o755)
            if let owner { _ = fchown(tree.descriptor, owner.0, owner.1) }
            let manifest = try Manifest.of(tree, output: output, owner: owner)
            try write(manifest.bytes, as: "manifest", in: folder)
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

    /// Removes the artifacts that are not named; how many those were.
    package func collectGarbage(keeping kept: Set<String>) throws(ArtifactError) -> Int {
        let trees = try OpenFolder.at("\(path)/trees")
        let gone = try trees.names().filter { !kept.contains($0.shown) }
        for name in gone { remove(name, in: trees) }
        return gone.count
    }

    /// The artifacts there are.
    package func digests() throws(ArtifactError) -> [String] {
        try OpenFolder.at("\(path)/trees").names().map(\.shown)
    }

    private var owner: (uid_t, gid_t)? { geteuid() == 0 ? (getuid(), getgid()) : nil }

    /// The same content twice is one tree; the one that was there first stays.
    private func publish(
        _ name: EntryName, in staging: OpenFolder, _ digest: String
    ) throws(ArtifactError) -> String {
        let trees = try OpenFolder.at("\(path)/trees")
        if staging.move(name, to: trees, as: EntryName(digest)) {
            guard fsync(trees.descriptor) == 0 else { throw .system("sync '\(path)/trees'") }
        } else {
            guard errno == EEXIST || errno == ENOTEMPTY else { throw .system("keep an artifact") }
            remove(name, in: staging)
        }
        return digest
    }

    private func remove(_ name: EntryName, in folder: OpenFolder) {
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let own = EntryName("\(getpid())-\(number)")
        guard let trash = try? OpenFolder.at("\(path)/trash"), let bin = try? trash.make(own) else {
            return
        }
        Removal.remove(name, in: folder, trash: bin)
        _ = unsafe own.withCString { unsafe unlinkat(trash.descriptor, $0, AT_REMOVEDIR) }
    }

    private func write(
        _ bytes: [UInt8], as name: String, in folder: OpenFolder
    ) throws(ArtifactError) {
        let file = unsafe openat(
            folder.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .system("write a manifest") }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("write a manifest") }
            rest = rest.dropFirst(count)
        }
    }
}
