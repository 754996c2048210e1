import CSystem
import Glibc

/// A folder as an overlay showed it: an upper folder that was written, over lower ones that were
/// not. The overlay itself is gone, so it is read as the overlay would have.
struct LayeredView {
    let upper: OpenFolder?
    /// The topmost first.
    let lowers: [OpenFolder]

    /// Something in the view.
    enum Entry {
        /// Only written, or written in place of what was below.
        case written
        /// Not written: it lies in this lower folder.
        case below(OpenFolder)
        /// A folder, whose content comes from several places or from below.
        case merged(LayeredView)
    }

    func entry(_ name: EntryName) -> Entry? {
        var seen: [OpenFolder] = []
        if let upper, let status = upper.status(name) {
            if status.isWhiteout { return nil }
            guard status.isFolder, let folder = upper.folder(name) else { return .written }
            if Self.isOpaque(folder) { return .written }
            seen = folders(below: name)
            return seen.isEmpty ? .written : .merged(LayeredView(upper: folder, lowers: seen))
        }
        guard let first = lowers.first(where: { $0.status(name) != nil }) else { return nil }
        seen = folders(below: name)
        return seen.isEmpty ? .below(first) : .merged(LayeredView(upper: nil, lowers: seen))
    }

    /// The folders of that name down to the first layer that has something else in its place.
    private func folders(below name: EntryName) -> [OpenFolder] {
        var folders: [OpenFolder] = []
        for lower in lowers {
            guard let status = lower.status(name) else { continue }
            guard status.isFolder, let folder = lower.folder(name) else { break }
            folders.append(folder)
        }
        return folders
    }

    func names() throws(ArtifactError) -> [EntryName] {
        var names = Set<EntryName>()
        for folder in lowers + [upper].compactMap(\.self) { names.formUnion(try folder.names()) }
        return names.filter { entry($0) != nil }.sorted()
    }

    /// Whether the folder hides what lies below it.
    private static func isOpaque(_ folder: OpenFolder) -> Bool {
        ["trusted.overlay.opaque", "user.overlay.opaque"].contains { (name: String) in
            unsafe slipway_attribute(folder.descriptor, name) == Int32(UInt8(ascii: "y"))
        }
    }
}
