import Glibc
import Synchronization

/// Removes trees that hostile code has written: links are not followed, and a depth that would
/// exhaust anybody's stack is taken apart from the top.
enum Removal {
    private static let counter = Atomic<Int>(0)

    /// Removes an entry of a folder, with all that is in it. `trash` is a folder of the same file
    /// system, where it lies until it is gone.
    static func remove(_ name: EntryName, in folder: OpenFolder, trash: OpenFolder) {
        guard let status = folder.status(name) else { return }
        guard status.isFolder else { return unlink(name, in: folder) }
        // Most are empty, and then there is nothing to put anywhere.
        if removeEmpty(name, in: folder) { return }
        guard let first = put(name, status, of: folder, into: trash) else { return }
        var open = [first]
        while let number = open.popLast() {
            let name = place(number)
            if let inner = trash.folder(name) { open += clear(inner, into: trash) }
            _ = removeEmpty(name, in: trash)
        }
    }

    /// Flattened: every folder comes to lie directly in the trash. Numbers of those that did.
    private static func clear(_ folder: OpenFolder, into trash: OpenFolder) -> [Int] {
        var moved: [Int] = []
        for entry in (try? folder.names()) ?? [] {
            guard let status = folder.status(entry) else { continue }
            if !status.isFolder {
                unlink(entry, in: folder)
            } else if !removeEmpty(entry, in: folder) {
                if let number = put(entry, status, of: folder, into: trash) { moved.append(number) }
            }
        }
        return moved
    }

    private static func put(
        _ name: EntryName, _ status: stat, of folder: OpenFolder, into trash: OpenFolder
    ) -> Int? {
        if status.st_mode & 0o700 != 0o700 {
            // Its owner may have locked himself out, and who is not root with him.
            _ = unsafe name.withCString { unsafe fchmodat(folder.descriptor, $0, 0o700, 0) }
        }
        let number = counter.add(1, ordering: .relaxed).newValue
        return folder.move(name, to: trash, as: place(number)) ? number : nil
    }

    /// Its name in the trash, which no other process gives to anything.
    private static func place(_ number: Int) -> EntryName { EntryName("\(getpid())-\(number)") }

    private static func removeEmpty(_ name: EntryName, in folder: OpenFolder) -> Bool {
        unsafe name.withCString { unsafe unlinkat(folder.descriptor, $0, AT_REMOVEDIR) } == 0
    }

    private static func unlink(_ name: EntryName, in folder: OpenFolder) {
        _ = unsafe name.withCString { unsafe unlinkat(folder.descriptor, $0, 0) }
    }
}
