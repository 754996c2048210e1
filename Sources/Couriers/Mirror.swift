package import Git
import Glibc

/// The folder of a mirror as a couriers' own: nobody else writes there.
package enum Mirror {
    /// Opens it, or makes it; one that was damaged is made anew.
    static func open(_ path: String) throws(GitError) -> Repository {
        // Without it libgit2 would put what it receives into the root folder of the machine.
        if isThere(path), !isThere("\(path)/objects/pack") { try remove(path) }
        do throws(GitError) {
            return try Repository.mirror(at: path)
        } catch {
            guard error.kind == .corrupt || error.kind == .unsupported else { throw error }
            try remove(path)
            return try Repository.mirror(at: path)
        }
    }

    private static func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func remove(_ path: String) throws(GitError) {
        let name = RawName(path).components.last ?? RawName([])
        let above = String(decoding: path.utf8.dropLast(name.bytes.count), as: UTF8.self)
        try OpenFolder.open(above).remove(name)
    }

    /// Takes away what somebody who was killed has left: locks, and packs that are not whole.
    package static func sweep(_ path: String) throws(GitError) {
        guard isThere(path) else { return }
        let folder = try OpenFolder.open(path)
        for name in try folder.names() where isLock(name) { try folder.remove(name) }
        if let refs = try? folder.folder(RawName("refs")) { try sweepLocks(in: refs) }
        if let objects = try? folder.folder(RawName("objects")),
            let packs = try? objects.folder(RawName("pack"))
        {
            for name in try packs.names() where !name.hasPrefix("pack-") { try packs.remove(name) }
            try sweepPacks(in: packs)
        }
    }

    private static func sweepLocks(in folder: borrowing OpenFolder) throws(GitError) {
        for name in try folder.names() {
            if try folder.status(name).kind == .folder {
                try sweepLocks(in: try folder.folder(name))
            } else if isLock(name) {
                try folder.remove(name)
            }
        }
    }

    private static func isLock(_ name: RawName) -> Bool {
        name.bytes.suffix(5).elementsEqual(".lock".utf8)
    }
}
