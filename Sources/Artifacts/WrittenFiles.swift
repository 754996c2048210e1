import Glibc

/// Looks in a workspace, in which nobody writes any more, for files that the attempt itself wrote:
/// what only lay in the layers below is not among them.
package struct WrittenFiles {
    /// What stands at a path that was asked for.
    package enum Found {
        /// Open for reading as long as the call lasts.
        case file(Int32, bytes: Int)
        /// Why it is not read.
        case refused(String)
    }

    private static let deepest = 200
    private static let most = 1_000_000

    private let workspace: String
    private let layers: [String]

    /// `workspace` is what was written over `layers`, the topmost first.
    package init(in workspace: String, over layers: [String]) {
        self.workspace = workspace
        self.layers = layers
    }

    /// Lends what stands at the wanted paths, in their order. Folders are looked into where
    /// `enters` says so. `body` says whether it wants more.
    package func visit(
        entering enters: (String) -> Bool, wanting wants: (String) -> Bool,
        _ body: (_ path: String, Found) -> Bool
    ) throws(ArtifactError) {
        var lowers: [OpenFolder] = []
        for layer in layers { lowers.append(try OpenFolder.at(layer)) }
        let view = LayeredView(upper: try OpenFolder.at(workspace), lowers: lowers)
        var left = Self.most
        _ = try visit(view, at: "", depth: 0, &left, enters, wants, body)
        guard left >= 0 else {
            throw ArtifactError("there are more than \(Self.most) files to look at")
        }
    }

    /// False if no more is wanted.
    private func visit(
        _ view: LayeredView, at path: String, depth: Int, _ left: inout Int,
        _ enters: (String) -> Bool, _ wants: (String) -> Bool,
        _ body: (_ path: String, Found) -> Bool
    ) throws(ArtifactError) -> Bool {
        guard let upper = view.upper, depth < Self.deepest else { return true }
        for name in try upper.names(atMost: left + 1) {
            left -= 1
            guard left >= 0 else { return false }
            guard let status = upper.status(name) else { continue }
            let inner = path.isEmpty ? name.text : "\(path)/\(name.text)"
            if status.isFolder {
                guard enters(inner) else { continue }
                guard let below = Self.folder(name, in: view) else {
                    let reason = unsafe String(cString: strerror(errno))
                    guard body(inner, .refused("it cannot be opened: \(reason)")) else {
                        return false
                    }
                    continue
                }
                guard try visit(below, at: inner, depth: depth + 1, &left, enters, wants, body)
                else { return false }
            } else if wants(inner), !status.isWhiteout, !Self.wasBelow(name, status, view) {
                guard Self.lend(name, status, in: upper, { body(inner, $0) }) else { return false }
            }
        }
        return true
    }

    private static func folder(_ name: EntryName, in view: LayeredView) -> LayeredView? {
        if case .merged(let inner) = view.entry(name) { return inner }
        return view.upper?.folder(name).map { LayeredView(upper: $0, lowers: []) }
    }

    /// Whether a file was only brought up from a layer, as when its mode is changed: an overlay
    /// then keeps the time when it was written.
    private static func wasBelow(_ name: EntryName, _ status: stat, _ view: LayeredView) -> Bool {
        guard let lower = view.lowers.lazy.compactMap({ $0.status(name) }).first else {
            return false
        }
        return lower.isFile && lower.st_size == status.st_size
            && lower.st_mtim.tv_sec == status.st_mtim.tv_sec
            && lower.st_mtim.tv_nsec == status.st_mtim.tv_nsec
    }

    private static func lend(
        _ name: EntryName, _ status: stat, in folder: OpenFolder, _ body: (Found) -> Bool
    ) -> Bool {
        guard status.isFile else {
            // A FIFO would be waited for, and a link could lead anywhere.
            return body(.refused("it is \(status.isLink ? "a link" : status.kind), and no file"))
        }
        let file = folder.file(name)
        guard file >= 0 else {
            return body(.refused("it cannot be read: \(unsafe String(cString: strerror(errno)))"))
        }
        defer { close(file) }
        return body(.file(file, bytes: Int(status.st_size)))
    }
}

extension EntryName {
    fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension OpenFolder {
    /// Names in it, in order, and no more than that many of them.
    fileprivate func names(atMost most: Int) throws(ArtifactError) -> [EntryName] {
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw .system("read a folder") }
        guard let stream = unsafe fdopendir(copy) else {
            close(copy)
            throw .system("read a folder")
        }
        defer { unsafe closedir(stream) }
        var names: [EntryName] = []
        while names.count < most, let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
                    unsafe Array(UnsafeBufferPointer(start: bytes, count: 256).prefix { $0 != 0 })
                }
            }
            if bytes != [0x2E], bytes != [0x2E, 0x2E] { names.append(EntryName(bytes)) }
        }
        return names.sorted()
    }
}
