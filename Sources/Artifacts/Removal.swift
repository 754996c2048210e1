import Glibc
import Synchronization

/// Removes trees that hostile code has written: links are not followed, a depth that would exhaust
/// anybody's stack is taken apart from the top, and what it costs grows with the number of entries
/// and with nothing else.
enum Removal {
    private static let counter = Atomic<Int>(0)

    /// Something that is still to be removed.
    private struct Item {
        let folder: OpenFolder
        let name: EntryName
        /// Whether emptying it has got no further once before.
        var isStubborn = false
    }

    /// How many folders of one are moved before they are removed, so that they need not all be
    /// remembered.
    private static let atOnce = 10_000

    /// Removes an entry of a folder, with all that is in it. `trash` is a folder of the same file
    /// system.
    static func remove(
        _ name: EntryName, in folder: OpenFolder, trash: OpenFolder, inPlace: Bool = true
    ) {
        // Most are empty, and then there is nothing to put anywhere.
        if unlink(name, in: folder, AT_REMOVEDIR) { return }
        if let moved = put(name, of: folder, into: trash) {
            finish(Item(folder: trash, name: moved), trash)
        } else if inPlace {
            // A full disk may have no room for its new name: it is taken apart where it is.
            finish(Item(folder: folder, name: name), trash)
        }
    }

    /// The same for what lies in the trash already.
    static func finish(_ name: EntryName, in trash: OpenFolder) {
        finish(Item(folder: trash, name: name), trash)
    }

    private static func finish(_ item: Item, _ trash: OpenFolder) {
        var open = [item]
        while var item = open.popLast() {
            guard let inner = item.folder.folder(item.name) else {
                _ = unlink(item.name, in: item.folder, 0)
                continue
            }
            var gone = 0
            var folders: [EntryName] = []
            try? inner.forEachName { name in
                if unlink(name, in: inner, 0) {
                    gone += 1
                } else if unlink(name, in: inner, AT_REMOVEDIR) {
                    gone += 1
                } else if let moved = put(name, of: inner, into: trash) {
                    // Flattened: every folder comes to lie directly in the trash.
                    folders.append(moved)
                    gone += 1
                }
                return folders.count < atOnce
            }
            if !unlink(item.name, in: item.folder, AT_REMOVEDIR), gone > 0 || !item.isStubborn {
                // There are more, or some could not be moved for want of room on the disk, of which
                // there may be some when the others are gone.
                item.isStubborn = gone == 0
                open.append(item)
            }
            open += folders.map { Item(folder: trash, name: $0) }
        }
    }

    /// Its new name in the trash; nothing if it could not be moved.
    private static func put(
        _ name: EntryName, of folder: OpenFolder, into trash: OpenFolder
    ) -> EntryName? {
        if let status = folder.status(name), status.isFolder, status.st_mode & 0o700 != 0o700 {
            // Its owner may have locked himself out, and who is not root with him.
            _ = unsafe name.withCString {
                unsafe fchmodat(folder.descriptor, $0, 0o700, AT_SYMLINK_NOFOLLOW)
            }
        }
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let new = EntryName("\(getpid())-\(number)")
        return folder.move(name, to: trash, as: new) ? new : nil
    }

    private static func unlink(_ name: EntryName, in folder: OpenFolder, _ flags: Int32) -> Bool {
        unsafe name.withCString { unsafe unlinkat(folder.descriptor, $0, flags) } == 0
    }
}
