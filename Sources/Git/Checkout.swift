import CGit2

/// The modes that files get when a tree is written out.
package struct TreeModes: Hashable, Sendable {
    package let folder: UInt32
    package let file: UInt32
    package let program: UInt32

    /// Its owner may change it, and may write to what is laid over it.
    package static let open = TreeModes(folder: 0o755, file: 0o644, program: 0o755)
    /// Nobody changes it by mistake.
    package static let sealed = TreeModes(folder: 0o555, file: 0o444, program: 0o555)
}

/// What a tree may take up at most, because a small repository can name a huge one.
package struct TreeLimits: Hashable, Sendable {
    package var depth = 256
    package var entries = 2_000_000
    package var bytes = 64 << 30

    package init() {}
}

/// What was written out.
package struct CheckedOut: Hashable, Sendable {
    package var entries = 0
    package var bytes = 0
    /// Places where other repositories belong; each is an empty folder, left for its owner to fill.
    package var submodules: [Submodule] = []
    /// Files whose content lies on a Git LFS server; what was written only points at it.
    package var pointers: [RawName] = []
}

extension Repository {
    /// Writes a tree out into an empty folder exactly as it is stored: no filter runs, no line end
    /// is changed, links say what they said. A name that could do harm is refused.
    package func checkOut(
        tree: ObjectID, into folder: borrowing OpenFolder, modes: TreeModes = .open,
        limits: TreeLimits = TreeLimits()
    ) throws(GitError) -> CheckedOut {
        let store = try unsafe Handle.obtain(
            "open the objects of '\(self.folder)'", free: git_odb_free
        ) { unsafe git_repository_odb(&$0, handle.pointer) }
        var checkout = Checkout(
            repository: handle, objects: store, modes: modes, limits: limits, tree: tree)
        try checkout.write(tree: tree.oid, into: folder)
        return checkout.result
    }
}

@safe private struct Checkout: ~Copyable {
    private let repository: OpaquePointer
    private let objects: OpaquePointer
    private let modes: TreeModes
    private let limits: TreeLimits
    private let tree: ObjectID
    /// From the root to the folder that is being written.
    private var path: [RawName] = []
    private(set) var result = CheckedOut()

    /// The handles are the caller's and outlive this.
    init(
        repository: borrowing Handle, objects: borrowing Handle, modes: TreeModes,
        limits: TreeLimits, tree: ObjectID
    ) {
        unsafe self.repository = repository.pointer
        unsafe self.objects = objects.pointer
        self.modes = modes
        self.limits = limits
        self.tree = tree
    }

    mutating func write(tree id: git_oid, into folder: borrowing OpenFolder) throws(GitError) {
        guard path.count < limits.depth else {
            throw overLimit("its folders are nested more than \(limits.depth) deep")
        }
        var id = id
        let tree = try unsafe Handle.obtain("read \(place())", free: git_tree_free) {
            unsafe git_tree_lookup(&$0, repository, &id)
        }
        for index in unsafe 0..<git_tree_entrycount(tree.pointer) {
            guard let entry = unsafe git_tree_entry_byindex(tree.pointer, index),
                let name = unsafe RawName(copying: git_tree_entry_name(entry)),
                let id = unsafe git_tree_entry_id(entry)?.pointee
            else { continue }
            let mode = unsafe UInt32(git_tree_entry_filemode_raw(entry).rawValue)
            try write(name, mode, id, into: folder)
        }
        try folder.setMode(modes.folder)
    }

    private mutating func write(
        _ name: RawName, _ mode: UInt32, _ id: git_oid, into folder: borrowing OpenFolder
    ) throws(GitError) {
        result.entries += 1
        guard result.entries <= limits.entries else {
            throw overLimit("it has more than \(limits.entries) entries")
        }
        let kind = mode & 0o170000
        if let reason = DangerousName.reason(name, isLink: kind == GitKind.link) {
            throw GitError(
                .dangerousName, "write out \(place(name))", problem: reason,
                hint: "remove that entry from the commit; git refuses it too")
        }
        switch kind {
        case GitKind.folder:
            let inner = try folder.makeFolder(name)
            path.append(name)
            try write(tree: id, into: inner)
            path.removeLast()
        case GitKind.submodule:
            // Writable still: whoever has the other repository fills it.
            let inner = try folder.makeFolder(name)
            try inner.setMode(TreeModes.open.folder)
            result.submodules.append(Submodule(path: full(name), commit: ObjectID(id)))
        case GitKind.file, GitKind.link:
            try write(name, isLink: kind == GitKind.link, mode, id, into: folder)
        default:
            throw GitError(
                .corrupt, "write out \(place(name))",
                problem: "its mode \(String(mode, radix: 8)) is none that git has",
                hint: GitError.corruptHint)
        }
    }

    private mutating func write(
        _ name: RawName, isLink: Bool, _ mode: UInt32, _ id: git_oid,
        into folder: borrowing OpenFolder
    ) throws(GitError) {
        var id = id
        try count(name, &id)
        let object = try unsafe Handle.obtain("read \(place(name))", free: git_odb_object_free) {
            unsafe git_odb_read(&$0, objects, &id)
        }
        guard unsafe git_odb_object_type(object.pointer) == GIT_OBJECT_BLOB else {
            throw GitError(
                .corrupt, "read \(place(name))", problem: "it is no file",
                hint: GitError.corruptHint)
        }
        let content = unsafe UnsafeRawBufferPointer(
            start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer))
        if isLink {
            try folder.makeLink(name, to: unsafe linkTarget(name, Array(content)))
            return
        }
        if unsafe LargeFilePointer.matches(content) { result.pointers.append(full(name)) }
        let fileMode = mode & 0o100 != 0 ? modes.program : modes.file
        try unsafe folder.makeFile(name, mode: fileMode, content)
    }

    /// Before it is read, because what is read is held in memory whole.
    private mutating func count(_ name: RawName, _ id: inout git_oid) throws(GitError) {
        var size = 0
        var type = GIT_OBJECT_ANY
        let code = unsafe git_odb_read_header(&size, &type, objects, &id)
        guard code == 0 else { throw GitError.last(code, "read \(place(name))") }
        let (sum, overflows) = result.bytes.addingReportingOverflow(size)
        guard !overflows, sum <= limits.bytes else {
            throw overLimit("it has more than \(limits.bytes) bytes")
        }
        result.bytes = sum
    }

    private func linkTarget(_ name: RawName, _ target: [UInt8]) throws(GitError) -> RawName {
        guard !target.isEmpty, !target.contains(0) else {
            throw GitError(
                .dangerousName, "write out \(place(name))",
                problem: "the link's target is empty or contains a NUL",
                hint: "remove that entry from the commit")
        }
        return RawName(target)
    }

    private func full(_ name: RawName) -> RawName {
        path.reduce(RawName([])) { $0.appending($1) }.appending(name)
    }

    private func place(_ name: RawName) -> String { "'\(full(name))' of tree \(tree)" }

    private func place() -> String {
        let joined = path.reduce(RawName([])) { $0.appending($1) }
        return path.isEmpty ? "tree \(tree)" : "'\(joined)' of tree \(tree)"
    }

    private func overLimit(_ problem: String) -> GitError {
        GitError(
            .overLimit, "write out tree \(tree)", problem: problem,
            hint: "a repository like that is made to harm, or needs a limit of its own")
    }
}

/// The kinds of entry in a tree, as its modes say them.
private enum GitKind {
    static let file: UInt32 = 0o100000
    static let link: UInt32 = 0o120000
    static let folder: UInt32 = 0o040000
    static let submodule: UInt32 = 0o160000
}
