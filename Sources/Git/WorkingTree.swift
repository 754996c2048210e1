import CGit2

/// The files of a repository's folder as they lie there, committed or not.
package struct WorkingTree: Hashable, Sendable {
    /// Paths that are not as the commit has them: changed, removed, or there without being
    /// ignored.
    package let changes: [RawName]
    /// Tracked files that are there, and untracked ones that are not ignored.
    package let files: [RawName]
    /// Folders that belong to other repositories, with the commit that is recorded for each.
    package let submodules: [Submodule]
    /// Repositories inside this one that it knows nothing of.
    package let strangers: [RawName]
}

/// A place in a tree where another repository's commit belongs.
package struct Submodule: Hashable, Sendable {
    package let path: RawName
    package let commit: ObjectID

    package init(path: RawName, commit: ObjectID) {
        self.path = path
        self.commit = commit
    }
}

extension Repository {
    /// Compares the folder with the commit. The index is read and never written, so a `git` that
    /// works there at the same time is not disturbed.
    package func workingTree() throws(GitError) -> WorkingTree {
        let operation = "compare '\(folder)' with its commit"
        guard !isBare else {
            throw GitError(
                .noWorkingTree, operation, problem: "it is a bare repository and has no files",
                hint: "name a commit or a branch of it")
        }
        var options = unsafe git_status_options()
        try attempt(operation) {
            unsafe git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
        }
        unsafe options.flags = [
            GIT_STATUS_OPT_INCLUDE_UNTRACKED, GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS,
            GIT_STATUS_OPT_INCLUDE_UNMODIFIED, GIT_STATUS_OPT_EXCLUDE_SUBMODULES,
        ].reduce(0) { $0 | $1.rawValue }
        let list = try unsafe Handle.obtain(operation, free: git_status_list_free) {
            unsafe git_status_list_new(&$0, handle.pointer, &options)
        }
        let submodules = try submodules(operation)
        let known = Set(submodules.map(\.path))
        var changes: [RawName] = []
        var files: [RawName] = []
        var strangers: [RawName] = []
        for index in unsafe 0..<git_status_list_entrycount(list.pointer) {
            guard let entry = unsafe git_status_byindex(list.pointer, index)?.pointee,
                let path = unsafe Self.path(of: entry), !known.contains(path)
            else { continue }
            let status = unsafe entry.status.rawValue
            if path.bytes.last == UInt8(ascii: "/") {
                strangers.append(RawName(Array(path.bytes.dropLast())))
                continue
            }
            if status != GIT_STATUS_CURRENT.rawValue { changes.append(path) }
            if Self.isThere(status) { files.append(path) }
        }
        try refuseUnseen(beside: files, strangers: known.union(strangers), operation)
        return WorkingTree(
            changes: changes.sorted(), files: files.sorted(), submodules: submodules,
            strangers: strangers.sorted())
    }

    private static func isThere(_ status: UInt32) -> Bool {
        if status & GIT_STATUS_WT_NEW.rawValue != 0 { return true }
        return status & (GIT_STATUS_WT_DELETED.rawValue | GIT_STATUS_INDEX_DELETED.rawValue) == 0
    }

    private static func path(of entry: git_status_entry) -> RawName? {
        let delta = unsafe entry.index_to_workdir ?? entry.head_to_index
        let file = unsafe delta?.pointee.new_file.path ?? delta?.pointee.old_file.path
        return unsafe RawName(copying: file)
    }

    private func submodules(_ operation: String) throws(GitError) -> [Submodule] {
        let index = try unsafe Handle.obtain(operation, free: git_index_free) {
            unsafe git_repository_index(&$0, handle.pointer)
        }
        return unsafe (0..<git_index_entrycount(index.pointer)).compactMap { place in
            guard let entry = unsafe git_index_get_byindex(index.pointer, place),
                unsafe entry.pointee.mode == GIT_FILEMODE_COMMIT.rawValue,
                let path = unsafe RawName(copying: entry.pointee.path)
            else { return nil }
            return Submodule(path: path, commit: ObjectID(unsafe entry.pointee.id))
        }
    }
}
