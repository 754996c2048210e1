import Git

/// The files that a listing names, as they lie in a folder now. Every step on the way goes by a
/// folder held open, so a folder that is swapped for a link meanwhile leads nowhere.
struct Snapshot {
    private let paths: [[RawName]]

    init(_ listing: Listing) { paths = listing.sorted }

    /// What the files are: the digest of their names, kinds and content.
    struct Digest {
        let text: String
        let pointers: [RawName]
    }

    func digest(in folder: borrowing OpenFolder) throws(GitError) -> Digest {
        var reader = SnapshotReader()
        try visit(paths[...], 0, folder, &reader)
        let pointers = reader.pointers
        return Digest(text: reader.finished(), pointers: pointers)
    }

    /// Goes through the part of the paths that lies in one folder.
    private func visit(
        _ part: ArraySlice<[RawName]>, _ depth: Int, _ folder: borrowing OpenFolder,
        _ reader: inout SnapshotReader
    ) throws(GitError) {
        var rest = part
        while let first = rest.first {
            let name = first[depth]
            if first.count == depth + 1 {
                try reader.read(name, at: first, in: folder)
                rest = rest.dropFirst()
                continue
            }
            let below = rest.prefix { $0[depth] == name }
            rest = rest.dropFirst(below.count)
            let inner = try folder.folder(name)
            try visit(below, depth + 1, inner, &reader)
        }
    }

    /// Copies the files into an empty folder.
    func copy(
        from folder: borrowing OpenFolder, to target: borrowing OpenFolder, _ modes: TreeModes
    ) throws(GitError) {
        var copier = FileCopier(modes: modes)
        try copy(paths[...], 0, folder, target, &copier)
    }

    private func copy(
        _ part: ArraySlice<[RawName]>, _ depth: Int, _ folder: borrowing OpenFolder,
        _ target: borrowing OpenFolder, _ copier: inout FileCopier
    ) throws(GitError) {
        var rest = part
        while let first = rest.first {
            let name = first[depth]
            if first.count == depth + 1 {
                try copier.copy(name, from: folder, to: target)
                rest = rest.dropFirst()
                continue
            }
            let below = rest.prefix { $0[depth] == name }
            rest = rest.dropFirst(below.count)
            let inner = try folder.folder(name)
            let made = try target.makeFolder(name)
            try copy(below, depth + 1, inner, made, &copier)
        }
        try target.setMode(copier.modes.folder)
    }
}

extension FileStatus.Kind {
    /// What lies there cannot be part of a source.
    static func refusal(of what: String, at path: RawName) -> GitError {
        GitError(
            .file, "read '\(path)'", problem: "it is \(what)",
            hint: "remove it, or have '.gitignore' name it")
    }
}
