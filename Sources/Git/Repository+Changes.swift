import CGit2

extension Repository {
    /// The paths that differ between two commits, in order. One that was renamed is there twice,
    /// under both names. Without an older commit, all that the newer one has.
    package func changedPaths(
        from older: ObjectID?, to newer: ObjectID
    ) throws(GitError) -> [RawName] {
        let operation = "compare \(older.map(\.description) ?? "nothing") with \(newer)"
        let newTree = try treeHandle(of: newer, operation)
        if let older {
            let oldTree = try treeHandle(of: older, operation)
            return try unsafe changes(oldTree.pointer, newTree.pointer, operation)
        }
        return try unsafe changes(nil, newTree.pointer, operation)
    }

    private func changes(
        _ old: OpaquePointer?, _ new: OpaquePointer, _ operation: String
    ) throws(GitError) -> [RawName] {
        var options = unsafe git_diff_options()
        try attempt(operation) {
            unsafe git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        }
        // Only names are wanted: no file is read.
        unsafe options.flags = GIT_DIFF_SKIP_BINARY_CHECK.rawValue
        let diff = try unsafe Handle.obtain(operation, free: git_diff_free) {
            unsafe git_diff_tree_to_tree(&$0, handle.pointer, old, new, &options)
        }
        var paths: Set<RawName> = []
        for index in unsafe 0..<git_diff_num_deltas(diff.pointer) {
            guard let delta = unsafe git_diff_get_delta(diff.pointer, index) else { continue }
            let old = unsafe RawName(copying: delta.pointee.old_file.path)
            let new = unsafe RawName(copying: delta.pointee.new_file.path)
            paths.formUnion([old, new].compactMap(\.self))
        }
        return paths.sorted()
    }

    private func treeHandle(of commit: ObjectID, _ operation: String) throws(GitError) -> Handle {
        let commit = try commitHandle(commit, operation)
        return try unsafe Handle.obtain(operation, free: git_tree_free) {
            unsafe git_commit_tree(&$0, commit.pointer)
        }
    }
}
