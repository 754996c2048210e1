import Glibc

/// Takes one path out of a workspace, into a folder of the store: moved where only the attempt
/// wrote it, shared with the layer where it did not.
struct Gathering {
    let view: LayeredView
    /// The path as the definition has it, for messages.
    let path: String

    private static let deepest = 200

    private var parts: [EntryName] {
        path.split(separator: "/").filter { $0 != "." }.map { EntryName(String($0)) }
    }

    /// A definition that names such a path is refused; whoever asks otherwise is, too.
    private func requireInside() throws(ArtifactError) {
        guard path.hasPrefix("/") || parts.contains(EntryName("..")) else { return }
        throw ArtifactError("output '\(path)' does not lie in the workspace")
    }

    /// Puts what lies at the path at the same path below a folder.
    func gather(below root: OpenFolder) throws(ArtifactError) {
        try requireInside()
        guard let last = parts.last else {
            return try fill(root, from: view, depth: 0)
        }
        var parent = root
        for part in parts.dropLast() { parent = try parent.make(part) }
        try gather(into: parent, as: last)
    }

    /// Puts what lies at the path into a folder of its own: the content of a folder, or the file.
    func gather(into parent: OpenFolder, as name: EntryName) throws(ArtifactError) {
        try requireInside()
        var view = view
        guard let last = parts.last else {
            // All of the workspace.
            return try fill(try parent.make(name), from: view, depth: 0)
        }
        for part in parts.dropLast() {
            switch view.entry(part) {
            case .merged(let inner): view = inner
            case .written:
                guard let folder = view.upper?.folder(part) else { throw missing(part, in: view) }
                view = LayeredView(upper: folder, lowers: [])
            case .below, nil: throw missing(part, in: view)
            }
        }
        switch view.entry(last) {
        case .merged(let inner): try fill(try parent.make(name), from: inner, depth: 0)
        case .written:
            guard let upper = view.upper, let status = upper.status(last) else {
                throw missing(last, in: view)
            }
            if status.isFolder {
                guard upper.move(last, to: parent, as: name) else {
                    throw .system("take '\(path)' out of the workspace")
                }
            } else {
                let folder = try parent.make(name)
                try take(last, .written, from: view, into: folder, depth: 0)
            }
        case .below(let lower):
            try take(last, .below(lower), from: view, into: try parent.make(name), depth: 0)
        case nil: throw missing(last, in: view)
        }
    }

    private func fill(
        _ target: OpenFolder, from view: LayeredView, depth: Int
    ) throws(ArtifactError) {
        guard depth < Self.deepest else {
            throw ArtifactError("output '\(path)' is deeper than \(Self.deepest) folders")
        }
        for name in try view.names() {
            guard let entry = view.entry(name) else { continue }
            try take(name, entry, from: view, into: target, depth: depth)
        }
    }

    private func take(
        _ name: EntryName, _ entry: LayeredView.Entry, from view: LayeredView,
        into target: OpenFolder, depth: Int
    ) throws(ArtifactError) {
        switch entry {
        case .merged(let inner):
            try fill(try target.make(name), from: inner, depth: depth + 1)
        case .written:
            guard let upper = view.upper, upper.move(name, to: target, as: name) else {
                throw .system("take '\(name.shown)' out of the workspace")
            }
        case .below(let lower):
            // Layers are never written, so that a second name is as good as a copy.
            if lower.share(name, with: target) { return }
            try Copying.copy(name, from: lower, to: target)
        }
    }

    private func missing(_ part: EntryName, in view: LayeredView) -> ArtifactError {
        let names = ((try? view.names()) ?? []).map(\.shown)
        let there =
            names.isEmpty
            ? "its folder is empty"
            : "beside it there is "
                + names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
                + (names.count > 8 ? " and \(names.count - 8) more" : "")
        return ArtifactError("output '\(path)' is not there: no '\(part.shown)'; \(there)")
    }
}
