import Glibc

/// Removes trees that hostile code has written: links are not followed, and a depth that would
/// exhaust anybody's stack is taken apart from the top.
enum Removal {
    /// Removes an entry of a folder, with all that is in it. `trash` is an empty folder of the same
    /// file system.
    static func remove(_ name: EntryName, in folder: OpenFolder, trash: OpenFolder) {
        var count = 0
        guard put(name, of: folder, into: trash, &count) else { return }
        while let name = (try? trash.names())?.first {
            guard let inner = trash.folder(name) else {
                unlink(name, in: trash)
                continue
            }
            for entry in (try? inner.names()) ?? [] {
                if inner.status(entry)?.isFolder == true {
                    // Flattened: every folder comes to lie directly in the trash.
                    _ = put(entry, of: inner, into: trash, &count)
                } else {
                    unlink(entry, in: inner)
                }
            }
            let isGone = unsafe name.withCString {
                unsafe unlinkat(trash.descriptor, $0, AT_REMOVEDIR)
            }
            if isGone != 0 { break }
        }
    }

    private static func put(
        _ name: EntryName, of folder: OpenFolder, into trash: OpenFolder, _ count: inout Int
    ) -> Bool {
        guard let status = folder.status(name) else { return false }
        if status.isFolder, status.st_mode & 0o700 != 0o700 {
            // Its owner may have locked himself out, and who is not root with him.
            _ = unsafe name.withCString { unsafe fchmodat(folder.descriptor, $0, 0o700, 0) }
        }
        count += 1
        return folder.move(name, to: trash, as: EntryName("\(getpid())-\(count)"))
    }

    private static func unlink(_ name: EntryName, in folder: OpenFolder) {
        _ = unsafe name.withCString { unsafe unlinkat(folder.descriptor, $0, 0) }
    }
}
